//! `referloop serve`: desk, API and doors by HTTP, Direct by SMTP, and the workers unless they run elsewhere.

use super::service::{self, Service};
use super::work;
use crate::app::App;
use crate::listeners::direct_mail::DirectMail;
use crate::listeners::smtp::{SmtpListener, SmtpSettings};
use crate::listeners::smtp_tls;
use crate::web::router;
use anyhow::Context;
use clap::Args;
use std::sync::Arc;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct Serve {
    /// Serve only. `referloop work`, here or on other machines that share the database, then reads the documents.
    #[arg(long)]
    pub no_work: bool,
}

pub async fn run(app: App, arguments: Serve) -> anyhow::Result<()> {
    if !arguments.no_work {
        service::check_reading(&app).await?;
    }
    let address = app.config.listen;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} can't be listened on"))?;
    let address = listener.local_addr().unwrap_or(address);
    let mail = mail_listener(&app).await?;
    let mut service = Service::new()?;
    add_http(&mut service, &app, listener);
    if let Some(mail) = mail {
        let (intake, stop) = (Arc::new(DirectMail { app: app.clone() }), service.stop.clone());
        service.add(async move {
            mail.serve(intake, stop).await;
            Ok(())
        });
    }
    if !arguments.no_work {
        work::add_worker(&mut service, &app);
    }
    service.keep_audit(&app);
    service.keep_vault(&app);
    tracing::info!(%address, "serving");
    service.run().await
}

fn add_http(service: &mut Service, app: &App, listener: TcpListener) {
    let (router, stop) = (router::router(app), service.stop.clone());
    service.add(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
            .context("HTTP is no longer served")
    });
}

/// Where Direct messages come in, if anywhere.
async fn mail_listener(app: &App) -> anyhow::Result<Option<SmtpListener>> {
    let mail = &app.config.mail;
    let Some(address) = mail.listen else { return Ok(None) };
    let tls = smtp_tls::server_config(mail, app.clock.now())?;
    let listener = SmtpListener::bind(address, tls, SmtpSettings::new(&mail.direct_domain))
        .await
        .with_context(|| format!("{address} can't be listened on"))?;
    Ok(Some(listener))
}
