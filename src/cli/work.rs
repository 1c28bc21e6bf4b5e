//! `referloop work`: the workers alone, for machines that only read.

use super::service::{self, Service};
use crate::app::App;
use crate::pipeline;

pub async fn run(app: App) -> anyhow::Result<()> {
    service::check_reading(&app).await?;
    let mut service = Service::new()?;
    add_worker(&mut service, &app);
    service.keep_audit(&app);
    service.keep_vault(&app);
    tracing::info!("working");
    service.run().await
}

pub fn add_worker(service: &mut Service, app: &App) {
    let (worker, stop) = (pipeline::worker(app), service.stop.clone());
    service.add(async move {
        worker.run(stop).await;
        Ok(())
    });
}
