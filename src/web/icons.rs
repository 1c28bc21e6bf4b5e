//! Line icons, inlined, so that no page waits for a picture and the content security policy stays strict.

/// The inside of a 24×24 picture; an unknown name draws nothing.
fn paths(name: &str) -> &'static str {
    match name {
        "check" => r#"<path d="M5 12.5l4.5 4.5L19 7.5"/>"#,
        "machine" => {
            r#"<rect x="5" y="7" width="14" height="12" rx="2"/><path d="M12 3v4M9 12v2M15 12v2M2 13v2M22 13v2"/>"#
        }
        "look" => r#"<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>"#,
        "seen" => {
            r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><path d="M9 12l2.2 2.2L15.2 10"/>"#
        }
        "unseen" => {
            r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" stroke-dasharray="3 2.6"/>"#
        }
        "problem" => r#"<path d="M12 3.5l9 16H3z"/><path d="M12 10v4.5M12 17v.5"/>"#,
        "missing" => r#"<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.4 3.2"/><path d="M9 12h6"/>"#,
        "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>"#,
        "people" => {
            r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 19.5c.6-3.5 3-5.5 6.5-5.5s5.9 2 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.5 3.5 5"/>"#
        }
        "key" => r#"<circle cx="8" cy="15" r="4.5"/><path d="M11.3 11.7L20 3M16 7l3 3"/>"#,
        "desk" => r#"<rect x="4" y="3" width="16" height="18" rx="2"/><path d="M8 8h8M8 12h8M8 16h5"/>"#,
        "book" => {
            r#"<path d="M6 3.5h12.5v17H6a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 6 3.5z"/><circle cx="11.5" cy="10" r="2"/><path d="M8 16c.5-2 1.8-3 3.5-3s3 1 3.5 3M18.5 7H21M18.5 12H21M18.5 17H21"/>"#
        }
        "queue" => r#"<path d="M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01"/>"#,
        "out" => r#"<path d="M9 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M15 8l4 4-4 4M19 12H9"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>"#,
        "back" => r#"<path d="M15 5l-7 7 7 7"/>"#,
        "forward" => r#"<path d="M9 5l7 7-7 7"/>"#,
        "pin" => r#"<path d="M9 4h6l-1 6 3 3H7l3-3zM12 13v7"/>"#,
        "region" => {
            r#"<path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M8 10h8M8 14h5"/>"#
        }
        "download" => r#"<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15"/>"#,
        "again" => r#"<path d="M20 11a8 8 0 1 0-2.3 6M20 5v6h-6"/>"#,
        "plus" => r#"<path d="M12 5v14M5 12h14"/>"#,
        "minus" => r#"<path d="M5 12h14"/>"#,
        "fit" => {
            r#"<path d="M4 9V5a1 1 0 0 1 1-1h4M20 9V5a1 1 0 0 0-1-1h-4M4 15v4a1 1 0 0 0 1 1h4M20 15v4a1 1 0 0 1-1 1h-4"/>"#
        }
        "boxes" => {
            r#"<rect x="3.5" y="5" width="10" height="5" rx="1"/><rect x="9" y="14" width="11.5" height="5" rx="1"/>"#
        }
        "keys" => {
            r#"<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8"/>"#
        }
        "send" => r#"<path d="M21 3L10 14M21 3l-6.5 18-4-8-8-4z"/>"#,
        "print" => {
            r#"<path d="M7 9V3.5h10V9M7 18H4.5a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h15a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H17"/><rect x="7" y="14" width="10" height="6.5"/>"#
        }
        "calendar" => r#"<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>"#,
        "no" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M6 6l12 12"/>"#,
        "note" => {
            r#"<path d="M5 3.5h9l5 5V20a.5.5 0 0 1-.5.5h-13A.5.5 0 0 1 5 20z"/><path d="M14 3.5V9h5M8.5 13h7M8.5 16.5h5"/>"#
        }
        "question" => {
            r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.2"/>"#
        }
        "link" => {
            r#"<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7.100M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6l1.4-1.3"/>"#
        }
        "turn" => r#"<path d="M19.5 12a7.5 7.5 0 1 1-2.5-5.6M20 3.5V8h-4.5"/>"#,
        "cut" => r#"<path d="M4 12h2.5M10.5 12h3M17.5 12H20M6 8V4h12v4M6 16v4h12v-4"/>"#,
        "left" => r#"<path d="M19 12H5M11 6l-6 6 6 6"/>"#,
        "right" => r#"<path d="M5 12h14M13 6l6 6-6 6"/>"#,
        "down" => r#"<path d="M12 5v14M6 13l6 6 6-6"/>"#,
        "up" => r#"<path d="M12 19V5M6 11l6-6 6 6"/>"#,
        _ => "",
    }
}

/// An icon beside a word: hidden from screen readers, since the word says it.
pub fn icon(name: &str) -> String {
    format!(
        r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>"#,
        paths(name)
    )
}
