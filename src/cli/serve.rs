//! `referloop serve`: desk, API and doors by HTTP, Direct by SMTP, and the workers unless they run elsewhere.

use super::service::{self, Service};
use super::work;
use crate::app::App;
use crate::config::{Brand, Config};
use crate::listeners::direct_mail::DirectMail;
use crate::listeners::http;
use crate::listeners::smtp::{SmtpListener, SmtpSettings};
use crate::listeners::smtp_tls;
use crate::listeners::tls::{self, Certificate, CertificateFiles, TlsListener};
use crate::web::router;
use anyhow::Context;
use axum::serve::ListenerExt;
use clap::Args;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct Serve {
    /// Serve only. `referloop work`, here or on other machines that share the database, then reads the documents.
    #[arg(long)]
    pub no_work: bool,
}

/// The certificates in use, each once.
struct Certificates {
    http: Option<Arc<Certificate>>,
    mail: Option<Arc<Certificate>>,
}

impl Certificates {
    fn load(config: &Config) -> anyhow::Result<Self> {
        let loaded = |pair: Option<(&Path, &Path)>| {
            let files = pair.map(|(certificate, key)| CertificateFiles {
                certificate: certificate.to_owned(),
                key: key.to_owned(),
            });
            files.map(Certificate::load).transpose()
        };
        Ok(Self {
            http: loaded(config.certificate()?)?,
            mail: loaded(config.mail_certificate()?)?,
        })
    }

    fn all(&self) -> Vec<Arc<Certificate>> {
        self.http.iter().chain(&self.mail).cloned().collect()
    }
}

/// Refuses what would put patients' data on the wire in the clear, then serves.
pub async fn run(app: App, arguments: Serve) -> anyhow::Result<()> {
    app.config.check_listeners()?;
    app.config.check_oidc()?;
    app.config.check_mail()?;
    serve(app, arguments).await
}

pub async fn serve(app: App, arguments: Serve) -> anyhow::Result<()> {
    Brand::load(&app.config.brand)?;
    let certificates = Certificates::load(&app.config)?;
    if !arguments.no_work {
        service::check_reading(&app).await?;
    }
    let listener = bound(app.config.listen).await?;
    let address = listener.local_addr().unwrap_or(app.config.listen);
    let mail = mail_listener(&app, certificates.mail.as_ref()).await?;
    let mut service = Service::new()?;
    add_http(&mut service, &app, listener, certificates.http.as_ref())?;
    let fresh = tls::keep_fresh(certificates.all(), service.stop.clone()).context("signals can't be received")?;
    service.add(async move {
        fresh.await;
        Ok(())
    });
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
    let (db, stop) = (app.db.clone(), service.stop.clone());
    service.add(async move {
        db.hear_changes(&stop).await;
        Ok(())
    });
    service.keep_audit(&app);
    service.keep_vault(&app);
    tracing::info!(%address, tls = certificates.http.is_some(), "serving");
    service.run().await
}

async fn bound(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("{address} can't be listened on"))
}

fn add_http(
    service: &mut Service,
    app: &App,
    listener: TcpListener,
    certificate: Option<&Arc<Certificate>>,
) -> anyhow::Result<()> {
    const PROTOCOLS: &[&[u8]] = &[b"h2", b"http/1.1"];
    let (router, stop) = (router::router(app), service.stop.clone());
    let encrypted = match certificate {
        Some(certificate) => Ok(TlsListener::new(listener, certificate.server_config(PROTOCOLS)?)?),
        None => Err(listener),
    };
    service.add(async move {
        match encrypted {
            Ok(listener) => http::serve(listener, router, stop).await,
            Err(plain) => {
                // An answer goes out at once, not when the one before it was confirmed.
                let plain = plain.tap_io(|connection| {
                    let _ = connection.set_nodelay(true);
                });
                http::serve(plain, router, stop).await;
            }
        }
        Ok(())
    });
    Ok(())
}

/// Where Direct messages come in, if anywhere.
async fn mail_listener(app: &App, certificate: Option<&Arc<Certificate>>) -> anyhow::Result<Option<SmtpListener>> {
    let mail = &app.config.mail;
    let Some(address) = mail.listen.or(mail.listen_implicit) else {
        return Ok(None);
    };
    let tls = match certificate {
        Some(certificate) => certificate.server_config(&[])?,
        None => smtp_tls::self_signed(&mail.direct_domain, app.clock.now())?,
    };
    let listener = SmtpListener::bind_to(mail.listen, mail.listen_implicit, tls, SmtpSettings::of(mail))
        .await
        .with_context(|| format!("{address} can't be listened on"))?;
    Ok(Some(listener))
}
