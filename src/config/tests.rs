use super::*;
use std::io::Write;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn from_variables(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::load(None, &variables(pairs))
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[track_caller]
fn refused<T: fmt::Debug>(config: Result<T, ConfigError>, expect: &str) {
    let message = config.unwrap_err().to_string();
    assert!(message.contains(expect), "{message}");
}

#[test]
fn a_data_folder_is_enough() {
    let config = from_variables(&[("REFERLOOP_DATA", "/d"), ("HOME", "/root")]).unwrap();
    assert_eq!(config, Config::in_folder("/d"));
    assert_eq!(config.database_url().unwrap().reveal(), "sqlite:/d/referloop.db");
    assert_eq!(config.objects().unwrap().at, ObjectsAt::Disk("/d/objects".into()));
    assert_eq!(config.keys().unwrap().now, KeysAt::Local("/d/master.key".into()));
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
}

#[test]
fn without_a_data_folder_all_three_places_are_needed() {
    let places = |pairs: &[_]| from_variables(pairs).and_then(|config| config.check_places());
    refused(places(&[]), "set REFERLOOP_DATA");
    let most = [
        ("REFERLOOP_DATABASE_URL", "postgres://h/n"),
        ("REFERLOOP_OBJECTS", "disk:/o"),
    ];
    refused(places(&most), "give `keys`");
    places(&[most[0], most[1], ("REFERLOOP_KEYS", "local:/k")]).unwrap();
}

#[test]
fn the_environment_comes_after_the_file_key_by_key() {
    let file = file("data = \"/file\"\nlisten = \"127.0.0.1:1\"\n[deadlines.stat]\nreview = 2\n");
    let environment = variables(&[
        ("REFERLOOP_LISTEN", "0.0.0.0:2"),
        ("REFERLOOP_DEADLINES__STAT__NOTE", "9"),
        ("REFERLOOP_PDFIUM", "/not/a/key"),
    ]);
    let config = Config::load(Some(file.path()), &environment).unwrap();
    assert_eq!(config.data, Some("/file".into()));
    assert_eq!(config.listen.to_string(), "0.0.0.0:2");
    let stat = config.deadlines.stat;
    assert_eq!(
        (stat.review, stat.schedule, stat.note),
        (2, Deadlines::default().stat.schedule, 9)
    );
    assert_eq!(config.deadlines.routine, Deadlines::default().routine);
}

#[test]
fn an_unknown_key_is_refused_with_the_one_that_was_meant() {
    let data = ("REFERLOOP_DATA", "/d");
    refused(
        from_variables(&[data, ("REFERLOOP_LISTN", "x")]),
        "REFERLOOP_LISTN: there is no key `listn`; did you mean `listen`?",
    );
    refused(
        from_variables(&[data, ("REFERLOOP_RULES__PTH", "x")]),
        "there is no key `pth`; did you mean `path`?",
    );
    refused(
        from_variables(&[data, ("REFERLOOP_QQQ", "x")]),
        "there is no key `qqq`; there are data,",
    );
    let file = file("data = \"/d\"\n\n[log]\nlevle = \"info\"\n");
    let problem = format!(
        "{}, line 4: there is no key `levle`; did you mean `level`?",
        file.path().display()
    );
    refused(Config::load(Some(file.path()), &[]), &problem);
}

#[test]
fn a_bad_value_is_told_where_it_was_said() {
    let data = ("REFERLOOP_DATA", "/d");
    refused(
        from_variables(&[data, ("REFERLOOP_LISTEN", "here")]),
        "REFERLOOP_LISTEN: ",
    );
    refused(
        from_variables(&[data, ("REFERLOOP_DATABASE_URL", "mysql:x")]),
        "`database_url`: it must start with",
    );
    refused(from_variables(&[data, ("REFERLOOP_OBJECTS", "/o")]), "`objects`: ");
    let missing = Config::load(Some(Path::new("/nowhere/referloop.toml")), &[]);
    refused(missing, "/nowhere/referloop.toml could not be read");
}

#[test]
fn passwords_are_never_printed() {
    for (url, shown) in [
        ("postgres://ana:s3cret@db:5432/x", "postgres://ana:***@db:5432/x"),
        ("postgres://ana:p@s:s3cret@db/x", "postgres://ana:***@db/x"),
        ("postgres://db/x?user=a&password=s3cret", "postgres://db/x?***"),
        ("sqlite:/d/referloop.db", "sqlite:/d/referloop.db"),
    ] {
        let config = Config {
            database_url: Some(DatabaseUrl::new(url)),
            ..Config::in_folder("/d")
        };
        let printed = format!("{config:?}{}", toml::to_string(&config).unwrap());
        assert!(!printed.contains("s3cret"), "{printed}");
        assert!(printed.contains(shown), "{printed}");
    }
}

#[test]
fn the_commented_file_holds_every_key_with_its_default() {
    let uncommented: String = DEFAULT_FILE
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|rest| !rest.starts_with(' '))
                .unwrap_or(line)
                .to_owned()
                + "\n"
        })
        .collect();
    let from_file: toml::Table = uncommented.parse().unwrap();
    let mut config: Config = toml::from_str(&uncommented).unwrap();
    // Examples stand where there is no default.
    for example in [
        config.data.take().is_some(),
        config.database_url.take().is_some(),
        config.objects.take().is_some(),
        config.keys.take().is_some(),
        config.keys_before.take().is_some(),
        config.s3.sse_kms_key.take().is_some(),
        config.s3.spool.take().is_some(),
        config.rules.path.take().is_some(),
        config.rules.forms.take().is_some(),
        config.tls.certificate.take().is_some(),
        config.tls.key.take().is_some(),
        config.desk.public_url.take().is_some(),
        config.oidc.issuer.take().is_some(),
        config.oidc.client_secret.take().is_some(),
        config.oidc.max_age_minutes.take().is_some(),
        config.brand.logo.take().is_some(),
        config.brand.color.take().is_some(),
        config.reading.jobs.take().is_some(),
        config.reading.pdfium.take().is_some(),
        config.reading.models.take().is_some(),
        config.audit.checkpoints.take().is_some(),
        config.mail.smtp_tls_name.take().is_some(),
        config.mail.smtp_ca_file.take().is_some(),
        config.mail.listen.take().is_some(),
        config.mail.listen_certificate.take().is_some(),
        config.mail.listen_key.take().is_some(),
        config.mail.listen_implicit.take().is_some(),
        config.mail.smtp_user.take().is_some(),
        config.mail.smtp_password.take().is_some(),
        config.mail.imap.tls_name.take().is_some(),
        config.mail.imap.ca_file.take().is_some(),
        config.mail.imap.password.take().is_some(),
    ] {
        assert!(example);
    }
    assert_eq!(config, Config::default());
    let defaults = toml::Table::try_from(Config::default()).unwrap();
    for (key, value) in &defaults {
        for inner in value.as_table().into_iter().flat_map(toml::Table::keys) {
            assert!(
                from_file[key].get(inner).is_some(),
                "{key}.{inner} is not in default.toml"
            );
        }
        assert!(from_file.contains_key(key), "{key} is not in default.toml");
    }
    toml::from_str::<Config>(DEFAULT_FILE).unwrap();
}

#[test]
fn the_sample_is_a_percentage() {
    let with = |percent| {
        from_variables(&[
            ("REFERLOOP_DATA", "/d"),
            ("REFERLOOP_AUTOMATION__SAMPLE_PERCENT", percent),
        ])
    };
    assert_eq!(with("12.5").unwrap().automation.sample_percent.hundredths(), 1250);
    assert_eq!(with("0").unwrap().automation.sample_percent.hundredths(), 0);
    refused(with("101"), "give a number from 0 to 100");
}

#[test]
fn unwrapped_messages_are_taken_only_when_told() {
    let with = |key, value| {
        from_variables(&[("REFERLOOP_DATA", "/d"), (key, value)])
            .unwrap()
            .direct
    };
    let usual = with("REFERLOOP_DIRECT__ACCEPT_OPAQUE", "true");
    assert_eq!(usual, DirectConfig::default());
    assert!(usual.accept_opaque && !usual.accept_unwrapped);
    assert!(!with("REFERLOOP_DIRECT__ACCEPT_OPAQUE", "false").accept_opaque);
    assert!(with("REFERLOOP_DIRECT__ACCEPT_UNWRAPPED", "true").accept_unwrapped);
}

#[test]
fn inner_networks_are_listed_to_be_fetched_from() {
    let with = |key, value| from_variables(&[("REFERLOOP_DATA", "/d"), (key, value)]).map(|config| config.direct);
    let usual = DirectConfig::default();
    assert!(usual.fetch_from.is_empty() && usual.discovery && usual.dns_servers.is_empty());
    assert_eq!(usual.revocation_unknown, RevocationUnknown::Refuse);
    let listed = with("REFERLOOP_DIRECT__FETCH_FROM", "[\"10.0.0.0/8\", \"fd00::/8\"]").unwrap();
    assert_eq!(listed.fetch_from.len(), 2);
    refused(with("REFERLOOP_DIRECT__FETCH_FROM", "[\"inside\"]"), "FETCH_FROM");
    let accepting = with("REFERLOOP_DIRECT__REVOCATION_UNKNOWN", "accept").unwrap();
    assert_eq!(accepting.revocation_unknown, RevocationUnknown::Accept);
    refused(
        with("REFERLOOP_DIRECT__REVOCATION_UNKNOWN", "perhaps"),
        "REVOCATION_UNKNOWN",
    );
    let asked = with("REFERLOOP_DIRECT__DNS_SERVERS", "[\"127.0.0.1:5353\"]").unwrap();
    assert_eq!(asked.dns_servers[0].port(), 5353);
}

#[test]
fn checkpoints_lie_in_the_data_folder_unless_told_otherwise() {
    let with = |text| from_variables(&[("REFERLOOP_DATA", "/d"), ("REFERLOOP_AUDIT__CHECKPOINTS", text)]);
    assert_eq!(with("stdout").unwrap().checkpoints(), CheckpointsAt::Output);
    assert_eq!(with("off").unwrap().checkpoints(), CheckpointsAt::Nowhere);
    let locked = CheckpointsAt::S3 {
        bucket: "locked".to_owned(),
        prefix: "audit".to_owned(),
    };
    assert_eq!(with("s3://locked/audit").unwrap().checkpoints(), locked);
    assert!(with("s3://").is_err());
    assert_eq!(with("file:/x").unwrap().checkpoints(), CheckpointsAt::File("/x".into()));
    refused(with("ftp://x"), "checkpoints go to");
    let usual = from_variables(&[("REFERLOOP_DATA", "/d")]).unwrap();
    assert_eq!(
        usual.checkpoints(),
        CheckpointsAt::File("/d/audit-checkpoints.jsonl".into())
    );
}

fn listening(pairs: &[(&str, &str)]) -> Result<(), ConfigError> {
    let all = [&[("REFERLOOP_DATA", "/d")], pairs].concat();
    from_variables(&all).and_then(|config| config.check_listeners())
}

#[test]
fn other_machines_are_served_by_tls_alone() {
    let pair = [("REFERLOOP_TLS__CERTIFICATE", "/c"), ("REFERLOOP_TLS__KEY", "/k")];
    for here in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1"] {
        listening(&[("REFERLOOP_LISTEN", here)]).unwrap();
    }
    for anywhere in ["0.0.0.0:1", "[::]:1", "192.0.2.7:1", "[::ffff:127.0.0.1]:1"] {
        let listen = ("REFERLOOP_LISTEN", anywhere);
        refused(listening(&[listen]), "`listen`: other machines reach");
        listening(&[listen, pair[0], pair[1]]).unwrap();
        let proxied = [listen, ("REFERLOOP_TLS__BEHIND_PROXY", "true")];
        refused(listening(&proxied), "`desk.public_url`: ");
        let plain = ("REFERLOOP_DESK__PUBLIC_URL", "http://desk.example");
        refused(listening(&[proxied[0], proxied[1], plain]), "`desk.public_url`: ");
        let url = ("REFERLOOP_DESK__PUBLIC_URL", "https://desk.example");
        listening(&[proxied[0], proxied[1], url]).unwrap();
        refused(listening(&[listen, url]), "`listen`: ");
        let mail = ("REFERLOOP_MAIL__LISTEN", anywhere);
        refused(listening(&[mail]), "`mail.listen`: other machines reach");
        // A proxy for HTTP says nothing about mail.
        refused(listening(&[mail, proxied[1], url]), "`mail.listen`: ");
        listening(&[mail, pair[0], pair[1]]).unwrap();
        let own = [
            ("REFERLOOP_MAIL__LISTEN_CERTIFICATE", "/c"),
            ("REFERLOOP_MAIL__LISTEN_KEY", "/k"),
        ];
        listening(&[mail, own[0], own[1]]).unwrap();
        let implicit = ("REFERLOOP_MAIL__LISTEN_IMPLICIT", anywhere);
        refused(listening(&[implicit]), "`mail.listen_implicit`: other machines reach");
        listening(&[implicit, own[0], own[1]]).unwrap();
        refused(listening(&[mail, own[0]]), "`mail.listen_key`: ");
    }
    refused(listening(&[pair[0]]), "`tls.key`: ");
    refused(listening(&[pair[1]]), "`tls.key`: ");
}

#[test]
fn browsers_come_by_https_where_a_certificate_or_the_public_address_says_so() {
    let https = |pairs: &[_]| from_variables(pairs).unwrap().is_https();
    assert!(!https(&[]));
    assert!(!https(&[("REFERLOOP_DESK__PUBLIC_URL", "http://desk.example")]));
    assert!(https(&[("REFERLOOP_DESK__PUBLIC_URL", "https://desk.example")]));
    assert!(https(&[("REFERLOOP_TLS__CERTIFICATE", "/c")]));
}

#[test]
fn a_database_elsewhere_must_prove_its_name() {
    let way = |url: &str| {
        let all = [("REFERLOOP_DATA", "/d"), ("REFERLOOP_DATABASE_URL", url)];
        from_variables(&all).and_then(|config| config.check_way_to_database())
    };
    for here in [
        "sqlite:/d/x.db",
        "postgres://localhost/x",
        "postgres://a@127.0.0.1:5433/x",
        "postgres://[::1]/x",
        "postgres:///x?host=/run/postgresql",
        "postgres://%2Frun%2Fpostgresql/x",
        "postgres://db.example/x?sslmode=verify-full",
    ] {
        way(here).unwrap_or_else(|error| panic!("{here}: {error}"));
    }
    for far in [
        "postgres://db.example/x",
        "postgresql://a:b@10.0.0.1/x?sslmode=require",
        "postgres://db.example/x?sslmode=verify-ca",
        "postgres://localhost.example/x",
        "postgres:///x?host=db.example",
    ] {
        refused(way(far), "sslmode=verify-full");
    }
}

#[test]
fn a_time_zone_has_a_name_of_the_list() {
    let zone = |name| from_variables(&[("REFERLOOP_DESK__TIME_ZONE", name)]);
    assert_eq!(
        String::from(zone("America/Chicago").unwrap().desk.time_zone),
        "America/Chicago"
    );
    refused(
        zone("Chicago"),
        "REFERLOOP_DESK__TIME_ZONE: `Chicago` is no time zone of the IANA list; write one as `America/Chicago`",
    );
}

fn branded(pairs: &[(&str, &str)]) -> Result<Brand, ConfigError> {
    from_variables(pairs).and_then(|config| Brand::load(&config.brand))
}

#[test]
fn without_a_brand_the_product_looks_as_it_is() {
    let brand = branded(&[]).unwrap();
    assert_eq!(
        (brand.name.as_str(), brand.logo, brand.style),
        ("Referloop", None, None)
    );
}

#[test]
fn a_brand_has_a_name_a_logo_and_a_colour() {
    let logo = file("<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let path = logo.path().to_str().unwrap();
    let all = [
        ("REFERLOOP_BRAND__NAME", " West Clinic "),
        ("REFERLOOP_BRAND__LOGO", path),
        ("REFERLOOP_BRAND__COLOR", "#7A1FA2"),
    ];
    let brand = branded(&all).unwrap();
    assert_eq!(brand.name, "West Clinic");
    assert_eq!(brand.logo.as_ref().map(|logo| logo.kind), Some(LogoKind::Svg));
    assert!(brand.style.as_ref().unwrap().contains("--accent: light-dark(#7a1fa2, "));
    let other = branded(&[all[0], all[1], ("REFERLOOP_BRAND__COLOR", "#0000aa")]).unwrap();
    assert_ne!(brand.fingerprint, other.fingerprint);
}

#[test]
fn a_brand_that_cannot_be_shown_is_refused_with_what_to_do() {
    refused(
        branded(&[("REFERLOOP_BRAND__COLOR", "#ffcc00")]),
        "REFERLOOP_BRAND__COLOR: white text on #ffcc00 has a contrast of 1.5 to 1",
    );
    refused(
        branded(&[("REFERLOOP_BRAND__COLOR", "teal")]),
        "REFERLOOP_BRAND__COLOR: give a colour as six hexadecimal digits",
    );
    let yellow = file("[brand]\ncolor = \"#ffcc00\"\n");
    refused(Config::load(Some(yellow.path()), &[]), "line 2: white text on #ffcc00");
    refused(
        branded(&[("REFERLOOP_BRAND__LOGO", "/nowhere/logo.svg")]),
        "`brand.logo`: the file /nowhere/logo.svg could not be read",
    );
    let script = file("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>");
    refused(
        branded(&[("REFERLOOP_BRAND__LOGO", script.path().to_str().unwrap())]),
        "`brand.logo`: the SVG file holds an element `script`",
    );
}

#[test]
fn a_provider_is_asked_only_where_nobody_reads_along() {
    let with = |pairs: &[(&str, &str)]| {
        let all = [&[("REFERLOOP_DATA", "/d")], pairs].concat();
        from_variables(&all).and_then(|config| config.check_oidc().map(|()| config))
    };
    let url = ("REFERLOOP_DESK__PUBLIC_URL", "https://desk.example/");
    let name = ("REFERLOOP_OIDC__CLIENT_ID", "desk");
    with(&[name]).unwrap();
    for good in [
        "https://id.example",
        "http://127.0.0.1:1",
        "http://localhost:1/realms/x",
    ] {
        let issuer = ("REFERLOOP_OIDC__ISSUER", good);
        let config = with(&[issuer, url, name]).unwrap();
        assert_eq!(
            config.oidc_callback().unwrap(),
            "https://desk.example/login/oidc/callback"
        );
        refused(with(&[issuer, name]), "it needs `desk.public_url`");
        refused(with(&[issuer, url]), "it needs `oidc.client_id`");
    }
    for bad in ["http://id.example", "id.example", "ftp://127.0.0.1"] {
        refused(with(&[("REFERLOOP_OIDC__ISSUER", bad), url, name]), "`oidc.issuer`: ");
    }
}

#[test]
fn the_secret_at_the_provider_is_never_printed() {
    let config = from_variables(&[
        ("REFERLOOP_DATA", "/d"),
        ("REFERLOOP_OIDC__CLIENT_SECRET", "s3cret"),
        ("REFERLOOP_OIDC__REQUIRED_AMR", "[\"mfa\"]"),
    ])
    .unwrap();
    assert!(config.oidc.proves_second_factor());
    assert_eq!(config.oidc.client_secret.as_ref().unwrap().reveal(), "s3cret");
    let printed = format!("{config:?}{}", toml::to_string(&config).unwrap());
    assert!(!printed.contains("s3cret") && printed.contains("***"), "{printed}");
}

#[test]
fn a_second_factor_is_for_the_invited_or_for_all() {
    let with = |text| from_variables(&[("REFERLOOP_DATA", "/d"), ("REFERLOOP_AUTH__SECOND_FACTOR", text)]);
    let of = |text| with(text).unwrap().auth.second_factor;
    assert_eq!(of("all"), SecondFactorPolicy::All);
    assert_eq!(of("invited"), SecondFactorPolicy::Invited);
    refused(with("none"), "REFERLOOP_AUTH__SECOND_FACTOR");
}

#[test]
fn a_hisp_and_a_mailbox_want_names_and_passwords() {
    let with = |pairs: &[(&str, &str)]| {
        let all = [
            &[("REFERLOOP_DATA", "/d"), ("REFERLOOP_MAIL__DIRECT_DOMAIN", "d.example")],
            pairs,
        ]
        .concat();
        from_variables(&all).and_then(|config| config.check_mail().map(|()| config))
    };
    let edge = [
        ("REFERLOOP_MAIL__MODE", "edge"),
        ("REFERLOOP_MAIL__SMTP_HOST", "hisp.example"),
        ("REFERLOOP_MAIL__SMTP_USER", "clinic"),
        ("REFERLOOP_MAIL__SMTP_PASSWORD", "s3cret-out"),
    ];
    refused(with(&edge[..2]), "`mail.mode`: ");
    refused(with(&edge[..3]), "`mail.mode`: ");
    let mailbox = [
        ("REFERLOOP_MAIL__IMAP__HOST", "imap.example"),
        ("REFERLOOP_MAIL__IMAP__USER", "clinic"),
        ("REFERLOOP_MAIL__IMAP__PASSWORD", "s3cret-in"),
        ("REFERLOOP_MAIL__IMAP__AFTERWARDS", "move"),
    ];
    refused(with(&mailbox[..2]), "`mail.imap.host`: ");
    let into_itself = [&mailbox[..], &[("REFERLOOP_MAIL__IMAP__MOVED_TO", "INBOX")]].concat();
    refused(with(&into_itself), "`mail.imap.moved_to`: ");
    let nowhere = [&[("REFERLOOP_DATA", "/d")], &mailbox[..]].concat();
    let nowhere = from_variables(&nowhere).and_then(|config| config.check_mail().map(|()| config));
    refused(nowhere, "`mail.imap.host`: a mailbox needs `mail.direct_domain`");
    let config = with(&[&edge[..], &mailbox[..]].concat()).unwrap();
    assert_eq!(config.mail.imap.name(), "clinic@imap.example:993/INBOX");
    let printed = format!("{config:?}{}", toml::to_string(&config).unwrap());
    assert!(!printed.contains("s3cret") && printed.contains("***"), "{printed}");
}
