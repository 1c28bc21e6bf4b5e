//! All tests that need more than one pure module, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where and stop")]
mod api;
mod architecture;
mod auth;
mod binding;
mod cage;
mod children;
mod commands;
mod direct;
mod doctor;
mod doors;
mod extraction;
mod harness;
mod jobs;
mod journeys;
mod letters;
mod migrations;
mod read_command;
mod reading;
mod recognition;
mod service;
mod statements;
mod store;
mod streaming;
mod vault;
mod web;
mod webhooks;
