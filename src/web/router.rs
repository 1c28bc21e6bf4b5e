//! Every route of the service on one screen, each with who may use it. A test walks this list.

use super::api::operations::CountedLast;
use super::error::{Error, pages_for_people};
use super::gate::{self, Access, Gate, UPLOAD_BYTES_MAX};
use super::webhooks::{self, Intake};
use super::{
    AppState, account, answers, api, arranging, arriving, assets, assigning, audit, brand, claim, correction,
    delivered, desk, direct, directory, duplicate, emergency, events, failures, gaps, grants, login, memos,
    misdirected, next, own, packing, passkeys, patients, people, referral, request, review, route, second_step,
    security, sign_in_with, start, tokens, welcome, work,
};
use crate::auth::sources::Sources;
use crate::config::CALLBACK_PATH;
use crate::domain::permission::Permission as P;
use crate::domain::referral::Action;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
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
    let sees = Access::May(P::ViewReferrals);
    Routes::new(app)
        .get("/assets/{fingerprint}/{name}", Access::Public, assets::serve)
        .get("/brand/{fingerprint}/{name}", Access::Public, brand::serve)
        .get("/login", Access::Public, login::show)
        .post("/login", Access::Public, login::submit)
        .post("/logout", Access::SignedIn, login::leave)
        .identity_provider()
        .identity()
        .get("/", Access::SignedIn, start::start)
        .get("/desk", sees, desk::list)
        .get("/desk/next", sees, next::go)
        .get("/desk/{referral}", sees, review::show)
        .post("/desk/{referral}/fields/{key}", Access::May(P::CorrectFields), correction::save)
        .get("/desk/{referral}/claim", sees, claim::holder)
        .post("/desk/{referral}/claim", Access::May(P::CorrectFields), claim::beat)
        .post("/desk/{referral}/claim/leave", Access::May(P::CorrectFields), claim::leave)
        .post("/desk/{referral}/claim/take-over", Access::May(P::CorrectFields), claim::take_over)
        .get("/desk/{referral}/pages", sees, arranging::strip)
        .post("/desk/{referral}/pages", Access::May(P::CorrectFields), arranging::change)
        .get("/desk/{referral}/pages/{page}/text", sees, arranging::text)
        .get("/referrals/{referral}/thumbnails/{page}", sees, arranging::thumbnail)
        .get("/referrals/{referral}/document.pdf", sees, arranging::document)
        .get("/events", sees, events::listen)
        .post("/jobs/{job}/retry", Access::May(P::RetryQuarantined), failures::retry)
        .post("/transmissions/{transmission}/told", Access::May(P::CorrectFields), misdirected::tell)
        .decisions()
        .get("/work", sees, work::list)
        .post("/work/search", sees, work::search)
        .sharing()
        .emergencies()
        .register()
        .get("/own", Access::May(P::ViewOwnReferrals), own::list)
        .directory()
        .direct()
        .get("/audit", Access::May(P::ViewAudit), audit::show)
        .post("/audit", Access::May(P::ViewAudit), audit::search)
        .post("/audit/export", Access::MayNow(P::ViewAudit), audit::export)
        .get("/referrals/{referral}", sees, referral::show)
        // Which act is allowed is decided in `referrals::act`, by the act.
        .post("/referrals/{referral}/act", sees, referral::act)
        .post("/referrals/{referral}/referrer", Access::May(P::CorrectFields), referral::choose_referrer)
        .post("/referrals/{referral}/notes", Access::May(P::Act(Action::AddNote)), referral::add_note)
        .get("/referrals/{referral}/notes/{note}", sees, referral::letter)
        .get("/referrals/{referral}/deliveries/{delivery}", sees, referral::certificate)
        .get("/referrals/{referral}/pages/{page}", sees, review::picture)
        .get("/transmissions/{transmission}/original", sees, desk::original)
        .get("/transmissions/{transmission}/pages/{page}", sees, arriving::picture)
        .post("/transmissions/{transmission}/retry", Access::May(P::RetryQuarantined), desk::retry)
        .post("/gaps/{gap}/close", Access::May(P::RetryQuarantined), gaps::close)
        .post("/documents/{document}/away", Access::May(P::Act(Action::Reject)), desk::put_document_away)
        .post("/documents/{document}/referral", Access::May(P::Act(Action::Reopen)), desk::open_as_referral)
        .api()
}

impl Routes {
    /// Signing in at the clinic's identity provider.
    #[rustfmt::skip]
    fn identity_provider(self) -> Self {
        self
            .post("/login/oidc", Access::Public, sign_in_with::begin)
            .get(CALLBACK_PATH, Access::Public, sign_in_with::come_back)
            .get("/login/oidc/link", Access::SignedIn, sign_in_with::show_link)
            .post("/login/oidc/link", Access::SignedIn, sign_in_with::link)
    }

    /// What a reviewer decides beside releasing.
    #[rustfmt::skip]
    fn decisions(self) -> Self {
        let sees = Access::May(P::ViewReferrals);
        let rejects = Access::May(P::Act(Action::Reject));
        let asks = Access::May(P::Act(Action::RequestInformation));
        self
            .get("/desk/{referral}/request", asks, request::show)
            .post("/desk/{referral}/request", asks, request::send)
            .post("/desk/{referral}/request/preview", asks, request::preview)
            .post("/desk/{referral}/request/letter", asks, request::draft_letter)
            .post("/desk/{referral}/request/delivered", asks, request::delivered)
            .get("/desk/{referral}/requests/{request}", sees, request::letter)
            .get("/desk/{referral}/answers/{answer}", sees, answers::show)
            .post("/desk/{referral}/answers/{answer}", Access::May(P::CorrectFields), answers::settle)
            .get("/desk/{referral}/route", rejects, route::of_referral)
            .post("/desk/{referral}/route", rejects, route::referral)
            .get("/documents/{document}/route", rejects, route::of_document)
            .post("/documents/{document}/route", rejects, route::document)
            .get("/desk/{referral}/twins/{twin}", sees, duplicate::twins)
            .post("/desk/{referral}/twins/{twin}", Access::May(P::CorrectFields), duplicate::decide)
    }

    /// Who people are: the steps of signing in, one's own account, and other people's.
    #[rustfmt::skip]
    fn identity(self) -> Self {
        let manages = Access::May(P::ManageUsers);
        let manages_now = Access::MayNow(P::ManageUsers);
        self
            .get("/login/code", Access::Public, second_step::ask)
            .post("/login/code", Access::Public, second_step::prove)
            .post("/login/code/passkey", Access::Public, passkeys::ask_second)
            .get("/login/enrol", Access::Public, second_step::offer)
            .post("/login/enrol", Access::Public, second_step::enrol)
            .post("/login/enrol/passkey", Access::Public, passkeys::ask_first)
            .post("/login/passkey", Access::Public, passkeys::come_in)
            .post("/login/passkey/ask", Access::Public, passkeys::ask)
            .get("/welcome/{link}", Access::Public, welcome::show)
            .post("/welcome/{link}", Access::Public, welcome::open)
            .get("/account", Access::SignedIn, account::show)
            .post("/account", Access::SignedIn, account::change_password)
            .post("/account/sessions/end", Access::SignedIn, account::end_sessions)
            .get("/account/confirm", Access::SignedIn, account::confirm::show)
            .post("/account/confirm", Access::SignedIn, account::confirm::submit)
            .post("/account/confirm/passkey", Access::SignedIn, account::passkeys::ask_again)
            .post("/account/passkeys", Access::SignedInNow, account::passkeys::add)
            .post("/account/passkeys/ask", Access::SignedInNow, account::passkeys::ask)
            .post("/account/passkeys/remove", Access::SignedInNow, account::passkeys::remove)
            .get("/account/second-factor", Access::SignedInNow, account::second_factor::offer)
            .post("/account/second-factor", Access::SignedInNow, account::second_factor::enrol)
            .post("/account/second-factor/remove", Access::SignedInNow, account::second_factor::remove)
            .post("/account/recovery-codes", Access::SignedInNow, account::second_factor::renew_codes)
            .get("/people", manages, people::list)
            .post("/people", manages_now, people::change)
            .get("/people/{user}", manages, grants::show)
            .post("/people/{user}", manages_now, grants::change)
            .get("/tokens", manages, tokens::list)
            .post("/tokens", manages_now, tokens::add)
            .post("/tokens/{token}/revoke", manages_now, tokens::revoke)
    }

    /// How a team shares its work.
    #[rustfmt::skip]
    fn sharing(self) -> Self {
        let shares = Access::May(P::Assign);
        self
            .post("/work/assign", shares, assigning::assign)
            .post("/referrals/{referral}/assign", shares, referral::assign)
            .post("/referrals/{referral}/site", shares, referral::hand_over)
            .get("/referrals/{referral}/memos", Access::May(P::ViewReferrals), memos::show)
            .post("/referrals/{referral}/memos", shares, memos::add)
    }

    /// Whose a referral is, and patients that are one.
    #[rustfmt::skip]
    fn register(self) -> Self {
        let sees = Access::May(P::ViewReferrals);
        self
            .get("/desk/{referral}/patient", sees, patients::choices)
            .post("/desk/{referral}/patient", Access::May(P::CorrectFields), patients::choose)
            .get("/patients/{patient}", sees, patients::show)
            .post("/patients/{patient}/merge", Access::May(P::MergePatients), patients::merge)
            .post("/patients/{patient}/apart", Access::May(P::MergePatients), patients::apart)
            .post("/patients/{patient}/undo", Access::May(P::MergePatients), patients::undo)
    }

    /// Seeing what was not granted, and what is said of it afterwards.
    fn emergencies(self) -> Self {
        self.get("/emergency", Access::MayNow(P::BreakGlass), emergency::show)
            .post("/emergency", Access::MayNow(P::BreakGlass), emergency::declare)
            .post("/emergency/end", Access::May(P::BreakGlass), emergency::end)
            .get("/emergencies", Access::May(P::ReviewEmergencies), emergency::list)
            .post(
                "/emergencies/{emergency}",
                Access::May(P::ReviewEmergencies),
                emergency::review,
            )
    }

    /// Who refers to us.
    #[rustfmt::skip]
    fn directory(self) -> Self {
        let sees = Access::May(P::ViewDirectory);
        let edits = Access::May(P::EditDirectory);
        self
            .get("/directory", sees, directory::list)
            .post("/directory", edits, directory::add)
            .get("/directory/duplicates", sees, directory::duplicates)
            .post("/directory/duplicates", edits, directory::decide)
            .post("/directory/merges/{merge}/undo", edits, directory::undo)
            .get("/directory/{entry}", sees, directory::show)
            .post("/directory/{entry}", edits, directory::edit)
            .post("/directory/{entry}/contacts", edits, directory::contact)
            .post("/directory/{entry}/ability", edits, directory::change_ability)
    }

    /// Secure mail: whom we trust, and whom we write to.
    #[rustfmt::skip]
    fn direct(self) -> Self {
        let manages_now = Access::MayNow(P::ManageDoors);
        self
            .get("/direct", Access::May(P::ManageDoors), direct::show)
            .post("/direct/certificates", manages_now, direct::import)
            .post("/direct/anchors", manages_now, direct::add_anchor)
            .post("/direct/anchors/remove", manages_now, direct::remove_anchor)
            .post("/direct/bundles", manages_now, direct::add_bundle)
            .post("/direct/bundles/{bundle}", manages_now, direct::change_bundle)
    }

    /// For programs: gateways, the API, and the machines that watch us.
    #[rustfmt::skip]
    fn api(self) -> Self {
        let sees = Access::May(P::ViewReferrals);
        let arrivals = Access::May(P::ViewTransmissions);
        self
            .post("/intake/fax/{door}", Access::OwnProof, webhooks::fax)
            .post("/intake/fax/{door}/delivered", Access::OwnProof, delivered::list)
            .get("/api/v1/transmissions", arrivals, api::transmissions::list)
            .post("/api/v1/transmissions", Access::May(P::Intake), api::transmissions::upload)
            .get("/api/v1/transmissions/{id}", arrivals, api::transmissions::one)
            .get("/api/v1/transmissions/{id}/original", arrivals, api::transmissions::original)
            .get("/api/v1/referrals", sees, api::referrals::list)
            .post("/api/v1/referrals/search", sees, api::search::search)
            .get("/api/v1/referrals/{id}", sees, api::referrals::one)
            .get("/api/v1/referrals/{id}/similar", sees, api::search::similar)
            .get("/api/v1/referrals/{id}/actions", sees, api::referrals::actions)
            // Which act is allowed is decided in `referrals::act`, by the act.
            .post("/api/v1/referrals/{id}/actions", sees, api::referrals::act)
            .patch("/api/v1/referrals/{id}/fields/{key}", Access::May(P::CorrectFields), api::referrals::correct)
            .get("/api/v1/referrals/{id}/document.pdf", sees, api::pages::document)
            // `{page}` is `1.png`: axum matches whole segments only.
            .get("/api/v1/referrals/{id}/pages/{page}", sees, api::pages::picture)
            .get("/api/v1/referrals/{id}/pages/{page}/words", sees, api::pages::words)
            .post("/api/v1/referrals/{id}/pages/{page}/region", sees, api::region::read)
            .post("/api/v1/referrals/{id}/notes", Access::May(P::Act(Action::AddNote)), api::notes::add)
            .get("/api/v1/referrals/{id}/deliveries", sees, api::notes::deliveries)
            .get("/api/v1/directory", Access::May(P::ViewDirectory), api::directory::list)
            .post("/api/v1/directory", Access::May(P::EditDirectory), api::directory::add)
            .get("/api/v1/doors", Access::May(P::ManageDoors), api::doors::list)
            .post("/api/v1/doors", Access::May(P::ManageDoors), api::doors::add)
            .get("/api/v1/doors/{id}/gaps", arrivals, api::gaps::list)
            .post("/api/v1/doors/{id}/gaps/{gap}/close", Access::May(P::RetryQuarantined), api::gaps::close)
            .get("/api/v1/audit-events", Access::MayNow(P::ViewAudit), api::audit::list)
            .get("/api/openapi.json", Access::Public, api::openapi)
            .get("/healthz", Access::Public, api::operations::alive)
            .get("/readyz", Access::Public, api::operations::ready)
            .get("/metrics", Access::Public, api::operations::metrics)
    }

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
    let https = app.config.is_https();
    routes(app)
        .router
        .fallback(nowhere)
        .method_not_allowed_fallback(not_allowed)
        .layer(Extension(Intake::default()))
        .layer(Extension(Sources::default()))
        .layer(Extension(CountedLast::default()))
        .layer(Extension(sign_in_with::provider(app)))
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX + 256 * 1024))
        .layer(from_fn_with_state(app.clone(), pages_for_people))
        .layer(packing::layer())
        .layer(from_fn(move |request: Request, next: Next| {
            security::headers(https, request, next)
        }))
        .layer(CatchPanicLayer::custom(|_| {
            Error::internal("a handler panicked").into_response()
        }))
        .with_state(app.clone())
}

async fn nowhere() -> Error {
    Error::not_found("page")
}

async fn not_allowed() -> Error {
    Error::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take that kind of request.",
        "The API's description (`/api/openapi.json`) says which methods each address takes.",
    )
}
