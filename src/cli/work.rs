//! `referloop work`: the workers alone, for machines that only read.

use super::service::{self, Service};
use crate::app::App;
use crate::pipeline;

pub async fn run(app: App) -> anyhow::Result<()> {
    app.config.check_mail()?;
    service::check_reading(&app).await?;
    let mut service = Service::new()?;
    add_worker(&mut service, &app);
    service.keep_audit(&app);
    service.keep_vault(&app);
    tracing::info!("working");
    service.run().await
}

pub fn add_worker(service: &mut Service, app: &App) {
    let (worker, stop, app) = (pipeline::worker(app), service.stop.clone(), app.clone());
    service.add(async move {
        if let Err(error) = pipeline::reconcile::ask_soon(&app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "carriers are asked at their usual time only"
            );
        }
        Box::pin(worker.run(stop)).await;
        Ok(())
    });
}
