//! PDFs that recurse, unpack, repeat, lie and hide.

use std::io::Write;

use super::outcome::{
    ANY_DAMAGE, BLANK_OR_WORDS, BOUNDED, ENCRYPTED, NO_PAGES, Outcome, PIXEL_LIMIT, READ_OR_UNREADABLE, TOO_MANY_PAGES,
};
use super::{Case, sample};

const CATALOGUE: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>";

/// Objects numbered from 1, the first being the catalogue.
fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let places = offsets.concat();
    let (start, count) = (bytes.len(), objects.len() + 1);
    bytes.extend_from_slice(
        format!(
            "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .as_bytes(),
    );
    bytes
}

fn texts(objects: &[&str]) -> Vec<Vec<u8>> {
    objects.iter().map(|object| object.as_bytes().to_vec()).collect()
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A page with these resources and this content; further objects are numbered from 5.
fn page(resources: &str, content: &[u8], further: &[Vec<u8>]) -> Vec<u8> {
    let page =
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << {resources} >> >>");
    let mut objects = texts(&[CATALOGUE, PAGES, &page]);
    objects.push(stream("", content));
    objects.extend_from_slice(further);
    pdf(&objects, "")
}

fn packed(mebibytes: usize, byte: u8) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![byte; 1 << 20];
    for _ in 0..mebibytes {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

pub fn cases() -> Vec<Case> {
    let mut cases = trees();
    cases.extend(recursions());
    cases.extend(nests());
    cases.extend(bombs());
    cases.extend(oddities());
    cases.extend(damage());
    cases
}

fn trees() -> Vec<Case> {
    let tree = |pages: &str, page: &str| {
        pdf(
            &texts(&[CATALOGUE, pages, page, "<< /Length 0 >>\nstream\n\nendstream"]),
            "",
        )
    };
    let kids = (3..504).map(|at| format!("{at} 0 R ")).collect::<Vec<_>>().concat();
    let many = format!("<< /Type /Pages /Kids [{kids}] /Count 501 >>");
    let mut pages = texts(&[CATALOGUE, &many]);
    pages.extend(vec![
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>".to_vec();
        501
    ]);
    let media = |media: &str| tree(PAGES, &format!("<< /Type /Page /Parent 2 0 R /MediaBox {media} >>"));
    let locked =
        "<< /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>".replace("<00>", &format!("<{}>", "00".repeat(32)));
    let encrypted = pdf(
        &texts(&[CATALOGUE, PAGES, PAGE, &locked]),
        "/Encrypt 4 0 R /ID [<00> <00>]",
    );
    vec![
        Case::new("pdf: 501 pages", pdf(&pages, ""), TOO_MANY_PAGES),
        Case::new(
            "pdf: no pages",
            tree("<< /Type /Pages /Kids [] /Count 0 >>", PAGE),
            NO_PAGES,
        ),
        Case::new(
            "pdf: a page tree that holds itself",
            tree("<< /Type /Pages /Kids [2 0 R] /Count 1 >>", PAGE),
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "pdf: a billion pages counted, one there",
            tree("<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", PAGE),
            &[
                Outcome::Refused(referloop::domain::transmission::QuarantineReason::TooManyPages),
                Outcome::Read(1),
            ],
        ),
        Case::new(
            "pdf: fewer pages than none",
            tree("<< /Type /Pages /Kids [3 0 R] /Count -7 >>", PAGE),
            READ_OR_UNREADABLE,
        ),
        Case::new("pdf: 14,000 points square", media("[0 0 14000 14000]"), PIXEL_LIMIT),
        Case::new("pdf: no size", media("[0 0 0 0]"), READ_OR_UNREADABLE),
        Case::new("pdf: a size beyond numbers", media("[0 0 1e39 1e39]"), ANY_DAMAGE),
        Case::new("pdf: inside out", media("[612 792 0 0]"), BLANK_OR_WORDS),
        Case::new("pdf: locked", encrypted, ENCRYPTED),
    ]
}

fn recursions() -> Vec<Case> {
    let form = |resources: &str, content: &[u8]| {
        stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {resources} >>"),
            content,
        )
    };
    let itself = form("/XObject << /F 5 0 R >>", "/F Do ".repeat(20).as_bytes());
    let first = form("/XObject << /F 6 0 R >>", "/F Do ".repeat(20).as_bytes());
    let second = form("/XObject << /F 5 0 R >>", "/F Do ".repeat(20).as_bytes());
    let mask = b"<< /Type /ExtGState /SMask << /Type /Mask /S /Luminosity /G 6 0 R >> >>".to_vec();
    let masked = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency >> \
         /Resources << /ExtGState << /G 5 0 R >> >>",
        b"/G gs 0 0 612 792 re f",
    );
    let glyph = stream("", b"1000 0 d0 BT /T 10 Tf (a) Tj ET");
    let font =
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /FirstChar 97 \
                 /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> \
                 /Resources << /Font << /T 5 0 R >> >> >>"
            .to_vec();
    let tile = stream(
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << >>",
        b"0 0 1 1 re f",
    );
    let pattern = "/Pattern << /P 5 0 R >>";
    vec![
        Case::new(
            "pdf: a form that draws itself",
            page("/XObject << /F 5 0 R >>", b"/F Do", &[itself]),
            BOUNDED,
        ),
        Case::new(
            "pdf: two forms that draw each other",
            page("/XObject << /F 5 0 R >>", b"/F Do", &[first, second]),
            BOUNDED,
        ),
        Case::new(
            "pdf: a mask that masks itself",
            page("/ExtGState << /G 5 0 R >>", b"/G gs 0 0 612 792 re f", &[mask, masked]),
            BOUNDED,
        ),
        Case::new(
            "pdf: a glyph that writes itself",
            page("/Font << /T 5 0 R >>", b"BT /T 10 Tf (aaaa) Tj ET", &[font, glyph]),
            BOUNDED,
        ),
        Case::new(
            "pdf: half a billion tiles",
            page(pattern, b"/Pattern cs /P scn 0 0 612 792 re f", &[tile]),
            BOUNDED,
        ),
    ]
}

fn nests() -> Vec<Case> {
    let nested = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let states = [b"q ".repeat(500_000), b"Q ".repeat(500_000)].concat();
    let nested_object = pdf(
        &[
            CATALOGUE.into(),
            PAGES.into(),
            PAGE.into(),
            stream("", b""),
            nested.clone(),
        ],
        "",
    );
    vec![
        Case::new("pdf: 200,000 lists in one another", nested_object, BOUNDED),
        Case::new(
            "pdf: 200,000 lists in the content",
            page("", &[nested, b" pop".to_vec()].concat(), &[]),
            BOUNDED,
        ),
        Case::new("pdf: half a million saved states", page("", &states, &[]), BOUNDED),
    ]
}

fn bombs() -> Vec<Case> {
    let flate = stream("/Filter /FlateDecode", &packed(400, b' '));
    let twice = {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&packed(1000, b' ')).unwrap();
        stream("/Filter [/FlateDecode /FlateDecode]", &encoder.finish().unwrap())
    };
    let content = |object: Vec<u8>| pdf(&[CATALOGUE.into(), PAGES.into(), PAGE.into(), object], "");
    let picture = |dictionary: &str, data: &[u8]| {
        let picture = stream(&format!("/Type /XObject /Subtype /Image {dictionary}"), data);
        page("/XObject << /I 5 0 R >>", b"612 0 0 792 0 0 cm /I Do", &[picture])
    };
    let fax = "/Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode \
               /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>";
    let gray = "/Width 20000 /Height 20000 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let small = "/Width 100 /Height 100 /BitsPerComponent 1 /ColorSpace /DeviceGray";
    let annotations =
        "/Annots [".to_owned() + &"<< /Type /Annot /Subtype /Square /Rect [9 9 99 99] >> ".repeat(50_000) + "]";
    let annotated = pdf(
        &texts(&[
            CATALOGUE,
            PAGES,
            &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {annotations} >>"),
        ]),
        "",
    );
    let letters = b"BT /H 6 Tf 10 700 Td ("
        .iter()
        .copied()
        .chain(vec![b'a'; 200_000])
        .chain(*b") Tj ET")
        .collect::<Vec<u8>>();
    let helvetica = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec();
    let curves = format!("0 0 m {} S", "1 700 600 1 300 400 c ".repeat(300_000));
    vec![
        Case::new("pdf: content of 400 MiB", content(flate), BOUNDED),
        Case::new("pdf: content packed twice", content(twice), BOUNDED),
        Case::new(
            "pdf: a fax picture of 3,600 megapixels",
            picture(fax, &[0xff; 7500]),
            BOUNDED,
        ),
        Case::new(
            "pdf: a grey picture of 400 megapixels",
            picture(&format!("{gray} /Filter /FlateDecode"), &packed(400, 255)),
            BOUNDED,
        ),
        Case::new("pdf: a picture that is too short", picture(gray, b"few"), BOUNDED),
        Case::new(
            "pdf: noise as JBIG2",
            picture(&format!("{small} /Filter /JBIG2Decode"), &[0xa7; 500]),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "pdf: noise as JPEG 2000",
            picture(&format!("{small} /Filter /JPXDecode"), &[0xa7; 500]),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "pdf: noise as JPEG",
            picture(&format!("{small} /Filter /DCTDecode"), &[0xa7; 500]),
            BLANK_OR_WORDS,
        ),
        Case::new("pdf: 50,000 annotations", annotated, BOUNDED),
        Case::new(
            "pdf: 200,000 letters",
            page("/Font << /H 5 0 R >>", &letters, &[helvetica]),
            BOUNDED,
        ),
        Case::new("pdf: 300,000 curves", page("", curves.as_bytes(), &[]), BOUNDED),
    ]
}

fn oddities() -> Vec<Case> {
    let action = |action: &str| {
        pdf(
            &texts(&[
                &format!("<< /Type /Catalog /Pages 2 0 R /OpenAction {action} >>"),
                PAGES,
                PAGE,
                "<< /Length 0 >>\nstream\n\nendstream",
            ]),
            "",
        )
    };
    let font = b"<< /Type /Font /Subtype /TrueType /BaseFont /Noise /FirstChar 32 /LastChar 34 /Widths [500 500 500] \
                 /FontDescriptor << /Type /FontDescriptor /FontName /Noise /Flags 32 /FontFile2 6 0 R >> >>"
        .to_vec();
    let noise = stream("", &[0xa7, 0x31, 0x5c, 0x00].repeat(4000));
    let itself = pdf(&texts(&[CATALOGUE, PAGES, PAGE, "4 0 R"]), "");
    let mut circle = pdf(
        &texts(&[CATALOGUE, PAGES, PAGE, "<< /Length 0 >>\nstream\n\nendstream"]),
        "/Prev 9",
    );
    let table = circle.windows(4).rposition(|window| window == b"xref").unwrap_or(0);
    let table = circle[..table]
        .windows(4)
        .rposition(|window| window == b"xref")
        .unwrap_or(table);
    let place = format!("/Prev {table}");
    let at = circle.windows(7).position(|window| window == b"/Prev 9").unwrap();
    circle.splice(at..at + 7, place.into_bytes());
    vec![
        Case::new(
            "pdf: a script at the start",
            action("<< /S /JavaScript /JS (while(true){}) >>"),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "pdf: a program to launch",
            action("<< /S /Launch /F (/bin/sh) >>"),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "pdf: an address to call",
            action("<< /S /URI /URI (http://198.51.100.7/) >>"),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "pdf: noise as a font",
            page(
                "/Font << /N 5 0 R >>",
                b"BT /N 20 Tf 50 500 Td (!!!) Tj ET",
                &[font, noise],
            ),
            BLANK_OR_WORDS,
        ),
        Case::new("pdf: an object that is itself", itself, READ_OR_UNREADABLE),
        Case::new("pdf: a table that follows itself", circle, READ_OR_UNREADABLE),
    ]
}

fn damage() -> Vec<Case> {
    let whole = sample("consult-note/document.pdf");
    let mut cases = Vec::new();
    for sixth in 1..6 {
        let cut = whole[..whole.len() * sixth / 6].to_vec();
        cases.push(Case::new(format!("pdf: cut after {sixth}/6"), cut, ANY_DAMAGE));
    }
    for seed in 1..=8usize {
        let mut flipped = whole.clone();
        for step in 0..40 {
            let at = (seed * 7919 + step * 104_729) % flipped.len();
            flipped[at] ^= 1 << (seed % 8);
        }
        cases.push(Case::new(format!("pdf: bits flipped, {seed}"), flipped, ANY_DAMAGE));
    }
    cases
}
