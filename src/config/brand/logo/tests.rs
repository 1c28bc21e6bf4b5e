use super::*;

fn svg(inside: &str) -> Result<Logo, LogoError> {
    Logo::check(format!("<svg xmlns=\"{SVG_NAMESPACE}\" viewBox=\"0 0 8 8\">{inside}</svg>").into_bytes())
}

#[track_caller]
fn refused(logo: Result<Logo, LogoError>, expect: &str) {
    let message = logo.unwrap_err().to_string();
    assert!(message.contains(expect), "{message}");
}

#[test]
fn common_pictures_are_taken() {
    let png = [PNG, &[0, 0, 0, 8, 0, 0, 0, 8, 8, 6, 0, 0, 0]].concat();
    assert_eq!(Logo::check(png).unwrap().kind, LogoKind::Png);
    for inside in [
        "<path d=\"M1 1h6v6\" style=\"fill:#0a6478\"/>",
        "<defs><linearGradient id=\"g\"/></defs><rect fill=\"url(#g)\" mask=\"url( '#m')\"/><use xlink:href=\"#g\"/>",
        "<style>.a { fill: url(&quot;#g&quot;); }</style><style><![CDATA[.b { fill: red }]]></style>",
        "<image href=\"data:image/png;base64,iVBORw0KGgo=\"/>",
        "<metadata xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/><g inkscape:export=\"C:\\logo.png\"/>",
        "<!-- drawn by hand --><title>West Clinic</title>",
    ] {
        assert_eq!(svg(inside).unwrap().kind, LogoKind::Svg, "{inside}");
    }
    let with_declaration =
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:svg xmlns:s=\"http://www.w3.org/2000/svg\"/>";
    assert_eq!(Logo::check(with_declaration.into()).unwrap().kind, LogoKind::Svg);
}

#[test]
fn what_runs_or_loads_something_is_refused() {
    for (inside, expect) in [
        ("<script>alert(1)</script>", "an element `script`"),
        ("<x:SCRIPT xmlns:x=\"urn:x\"/>", "an element `SCRIPT`"),
        ("<foreignObject/>", "an element `foreignObject`"),
        ("<set attributeName=\"href\"/>", "an element `set`"),
        ("<g onload=\"x()\"/>", "an event handler (`onload`)"),
        ("<g OnClick=\"x()\"/>", "an event handler (`OnClick`)"),
        ("<b xmlns=\"http://www.w3.org/1999/xhtml\"/>", "HTML (`xmlns`)"),
        ("<a href=\"javascript:x()\"/>", "outside of it (`href`)"),
        (
            "<use xlink:href=\"https://example.org/x.svg#a\"/>",
            "outside of it (`href`)",
        ),
        (
            "<image href=\"data:image/svg+xml;base64,PHN2Zz4=\"/>",
            "outside of it (`href`)",
        ),
        ("<g xml:base=\"https://example.org/\"/>", "outside of it (`base`)"),
        (
            "<rect fill=\"URL( https://example.org/x )\"/>",
            "outside of it (`url(…)`)",
        ),
        (
            "<rect style=\"fill:url(&quot;//example.org&quot;)\"/>",
            "outside of it (`url(…)`)",
        ),
        ("<style>@import 'x.css';</style>", "a style that loads something"),
        (
            "<style><![CDATA[@IMPORT 'x.css';]]></style>",
            "a style that loads something",
        ),
        (
            "<rect style=\"fill:u&#114;l(//example.org)\"/>",
            "characters written as codes",
        ),
        (
            "<style>a { fill: u\\72l(//example.org) }</style>",
            "characters written as codes",
        ),
        ("<?xml-stylesheet href=\"x.css\"?>", "an instruction `<?xml-stylesheet`"),
    ] {
        refused(svg(inside), expect);
    }
    let entities = format!("<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns=\"{SVG_NAMESPACE}\"/>");
    refused(Logo::check(entities.into_bytes()), "a document type");
    let encoded = "<?xml version=\"1.0\" encoding=\"UTF-7\"?><svg/>";
    refused(Logo::check(encoded.into()), "text in UTF-7");
}

#[test]
fn what_is_no_picture_is_told_apart_by_its_bytes() {
    for other in ["", "GIF89a", "<html></html>", "<svg/>", "\u{89}PNG", "just text"] {
        refused(Logo::check(other.into()), "neither SVG nor PNG");
    }
    refused(Logo::check(vec![0xff, 0xd8, 0xff, 0xe0]), "neither SVG nor PNG");
    refused(Logo::check("<svg xmlns=".into()), "could not be understood");
    let large = format!("<svg xmlns=\"{SVG_NAMESPACE}\">{}</svg>", " ".repeat(BYTES_MAX));
    refused(Logo::check(large.into_bytes()), "larger than 64 KiB");
    refused(
        Logo::read(Path::new("/nowhere/logo.svg")),
        "/nowhere/logo.svg could not be read",
    );
}
