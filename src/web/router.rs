//! Every route of the service on one screen, each with who may use it. A test walks this list.

use super::error::{Error, pages_for_people};
use super::gate::{self, Access, Gate, UPLOAD_BYTES_MAX};
use super::{AppState, assets, login, security};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, on};
use tower_http::catch_panic::CatchPanicLayer;

/// One route, for the test that walks them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
}

/// Routes with their access. There is no way to add one without.
pub struct Routes {
    app: AppState,
    router: Router<AppState>,
    pub list: Vec<Route>,
}

#[rustfmt::skip]
pub fn routes(app: &AppState) -> Routes {
    Routes::new(app)
        .get("/assets/{fingerprint}/{name}", Access::Public, assets::serve)
        .get("/login", Access::Public, login::show)
        .post("/login", Access::Public, login::submit)
        .post("/logout", Access::SignedIn, login::leave)
        .get("/", Access::SignedIn, login::start)
}

impl Routes {
    fn new(app: &AppState) -> Self {
        Self {
            app: app.clone(),
            router: Router::new(),
            list: Vec::new(),
        }
    }

    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Method::GET, MethodFilter::GET, path, access, handler)
    }

    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Method::POST, MethodFilter::POST, path, access, handler)
    }

    #[must_use]
    pub fn patch<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Method::PATCH, MethodFilter::PATCH, path, access, handler)
    }

    fn on<H, T>(mut self, method: Method, filter: MethodFilter, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let gate = Gate {
            app: self.app.clone(),
            access,
        };
        self.router = self.router.route(
            path,
            on(filter, handler).route_layer(from_fn_with_state(gate, gate::pass)),
        );
        self.list.push(Route { method, path, access });
        self
    }
}

/// The whole service: routes, then what holds for every answer.
pub fn router(app: &AppState) -> Router {
    let https = app.config.desk.is_https();
    routes(app)
        .router
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX + 256 * 1024))
        .layer(from_fn(pages_for_people))
        .layer(from_fn(move |request: Request, next: Next| {
            security::headers(https, request, next)
        }))
        .layer(CatchPanicLayer::custom(|_| {
            Error::internal("a handler panicked").into_response()
        }))
        .with_state(app.clone())
}

#[expect(clippy::unused_async, reason = "a handler is async")]
async fn nowhere() -> Error {
    Error::not_found("page")
}
