//! axum: routes, screens, API.
