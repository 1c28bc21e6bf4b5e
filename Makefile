# Every target installs what it needs first (infra/setup), so each works on a fresh Debian 12 with Rust, git and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint pictures lint-infra faults fmt bench bench-reading bench-scale bench-register bench-load bench-direct bench-desk bench-matching fuzz samples deny

# Where infra/setup put PDFium when it could not write to /usr/local. Looked up when a recipe runs, not when make starts.
LOCAL_PDFIUM = .local/lib/referloop/libpdfium.so
WITH_PDFIUM = $(shell test ! -e $(LOCAL_PDFIUM) || echo REFERLOOP_PDFIUM=$(CURDIR)/$(LOCAL_PDFIUM))

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 14

setup:  ## install what building and running needs
	@infra/setup run

demo:  ## build, start, send the sample faxes, show what became of them (ONCE=1: go on to a closed referral, then stop)
	@infra/setup run
	cargo build --release --locked
	@$(WITH_PDFIUM) infra/demo/run target/release/referloop $(if $(ONCE),--once)

test:  ## every test: Rust on SQLite and PostgreSQL, then a real browser
	@infra/setup test
	$(WITH_PDFIUM) cargo test --locked --features faults
	$(WITH_PDFIUM) .local/e2e/bin/pytest -q tests/e2e

pictures:  ## every screen in light, dark and on a phone into docs/screens, and those of the guides into docs/images
	@infra/setup test
	cargo build --locked
	$(WITH_PDFIUM) REFERLOOP_PICTURES=$(CURDIR)/docs .local/e2e/bin/pytest -q tests/e2e/test_screens.py

lint:  ## formatting, lints and documentation
	@infra/setup run
	cargo fmt --check
	cargo clippy --locked --all-targets --features faults -- -D warnings
	cargo clippy --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

check: lint  ## what a commit must pass
	$(WITH_PDFIUM) cargo test --locked --features faults --lib
	cargo test --locked --features faults --test it architecture

lint-infra:  ## Dockerfile, compose, units, OpenTofu and scripts, as far as they can be checked without running them
	@infra/setup lint
	infra/lint/run

faults:  ## 20,000 faxes while the service is killed 300 times, on each database; PostgreSQL killed; stores away (FAULTS_…=)
	@infra/setup test
	cargo build --release --locked
	$(WITH_PDFIUM) FAULTS_PROGRAM=$(CURDIR)/target/release/referloop FAULTS_DOCUMENTS=$(or $(FAULTS_DOCUMENTS),20000) FAULTS_KILLS=$(or $(FAULTS_KILLS),300) \
	  FAULTS_DATABASE_DOCUMENTS=$(or $(FAULTS_DATABASE_DOCUMENTS),20000) \
	  FAULTS_DATABASE_KILLS=$(or $(FAULTS_DATABASE_KILLS),60) FAULTS_DATABASE_SECONDS=$(or $(FAULTS_DATABASE_SECONDS),20) \
	  FAULTS_KEYS=100000 FAULTS_AWAY_SECONDS=$(or $(FAULTS_AWAY_SECONDS),1800) \
	  cargo test --locked --features faults --test it -- --test-threads 1 faults::kill faults::database stores::away stores::rewrap

fmt:  ## format the code
	cargo fmt

bench:  ## the short benchmarks
	@infra/setup run
	$(WITH_PDFIUM) cargo bench --locked --bench sealing --bench commit --bench extraction --bench reading

bench-scale:  ## lists, searches, counts and claims over a million referrals, on each database (some minutes, 8 GB of disk)
	@infra/setup test
	$(WITH_PDFIUM) cargo bench --locked --bench scale
	$(WITH_PDFIUM) benches/with_postgres cargo bench --locked --bench scale

bench-register:  ## the five patients who may be meant, out of a million, on each database (some minutes, 5 GB of disk)
	@infra/setup test
	$(WITH_PDFIUM) cargo bench --locked --bench register
	$(WITH_PDFIUM) benches/with_postgres cargo bench --locked --bench register

bench-load:  ## acknowledgements under load beside the floor, then a burst, on each database (5 GB of disk)
	@infra/setup test
	for load in steady burst; do \
	  $(WITH_PDFIUM) cargo bench --locked --bench load -- $$load; \
	  $(WITH_PDFIUM) benches/with_postgres cargo bench --locked --bench load -- $$load; \
	done

bench-direct:  ## Direct messages taken in beside `openssl cms` on the same ones, on each database
	@infra/setup test
	$(WITH_PDFIUM) cargo bench --locked --bench direct
	$(WITH_PDFIUM) benches/with_postgres cargo bench --locked --bench direct

bench-desk:  ## the review page and the saving of a field beside 100,000 referrals and running recognition, on each database
	@infra/setup test
	$(WITH_PDFIUM) cargo bench --locked --bench desk
	$(WITH_PDFIUM) benches/with_postgres cargo bench --locked --bench desk

bench-matching:  ## matching of patients beside splink on FEBRL4: accuracy and time (some minutes)
	@infra/setup bench
	cargo bench --locked --bench matching -- --venv $(CURDIR)/.local/bench

bench-reading:  ## reading against its peers: accuracy, processor time, throughput, into docs/benchmarks.md (QUICK=1: some minutes, printed)
	@infra/setup bench
	rm -rf target/bench-reading
	.local/bench/bin/python benches/reading/pages/make_pages.py target/bench-reading --pages $(if $(QUICK),12,120)
	$(WITH_PDFIUM) cargo bench --locked --bench reading -- $(CURDIR)/target/bench-reading --venv $(CURDIR)/.local/bench \
	  $(if $(QUICK),--peer-pages 10,--report $(CURDIR)/docs/benchmarks.md)

fuzz:  ## ten minutes of processor time for every reader of what strangers send, with a nightly toolchain (FUZZ_…=, see fuzz/run)
	@infra/setup run
	fuzz/run

samples:  ## make the sample faxes anew from samples/make
	@infra/setup test
	samples/make/make.py

deny:  ## licences, sources and banned crates
	@cargo deny --version >/dev/null 2>&1 || cargo install cargo-deny --version 0.20.2 --locked
	cargo deny check bans licenses sources
