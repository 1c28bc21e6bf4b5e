//! A read document as hOCR (version 1.2): XHTML that other programs take words, places and confidences from.

use std::fmt::Write;

use crate::domain::page::{PageText, PixelBox, REVIEW_DPI, Word};

/// Lines further apart than this many line heights belong to different areas of the page.
const LINES_APART: u32 = 2;

/// `file` is how the document is called in it.
pub fn render(file: &str, pages: &[PageText]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n<head>\n<title>{}</title>\n\
         <meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\" />\n\
         <meta name=\"ocr-system\" content=\"referloop {}\" />\n\
         <meta name=\"ocr-number-of-pages\" content=\"{}\" />\n\
         <meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf\" />\n\
         </head>\n<body>\n",
        escaped(file),
        env!("CARGO_PKG_VERSION"),
        pages.len()
    );
    for page in pages {
        write_page(&mut out, file, page);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn write_page(out: &mut String, file: &str, page: &PageText) {
    let number = page.number;
    let whole = PixelBox {
        x: 0,
        y: 0,
        width: page.width,
        height: page.height,
    };
    // A quotation mark would end the property that holds the name.
    let image = file.replace('"', "");
    let title = format!(
        "image \"{image}\"; {}; ppageno {}; scan_res {REVIEW_DPI} {REVIEW_DPI}",
        bbox(whole),
        number - 1
    );
    let _ = writeln!(
        out,
        "<div class=\"ocr_page\" id=\"page_{number}\" title=\"{}\">",
        escaped(&title)
    );
    for (area, lines) in areas(&lines(&page.words)).iter().enumerate() {
        let around = PixelBox::hull_of(lines.iter().map(|line| line.bounds)).unwrap_or(whole);
        let area = area + 1;
        let _ = writeln!(
            out,
            " <div class=\"ocr_carea\" id=\"block_{number}_{area}\" title=\"{0}\">\n  <p class=\"ocr_par\" id=\"par_{number}_{area}\" title=\"{0}\">",
            bbox(around)
        );
        for line in *lines {
            write_line(out, number, line);
        }
        out.push_str("  </p>\n </div>\n");
    }
    out.push_str("</div>\n");
}

fn write_line(out: &mut String, page: u32, line: &Line<'_>) {
    let _ = writeln!(
        out,
        "   <span class=\"ocr_line\" id=\"line_{page}_{}\" title=\"{}\">",
        line.words[0].1.line + 1,
        bbox(line.bounds)
    );
    for (index, word) in &line.words {
        let _ = writeln!(
            out,
            "    <span class=\"ocrx_word\" id=\"word_{page}_{}\" title=\"{}; x_wconf {:.0}\">{}</span>",
            index + 1,
            bbox(word.bounds),
            (word.confidence * 100.0).clamp(0.0, 100.0),
            escaped(&word.text)
        );
    }
    out.push_str("   </span>\n");
}

/// One line of text, its words with their number on the page.
struct Line<'a> {
    bounds: PixelBox,
    words: Vec<(usize, &'a Word)>,
}

fn lines(words: &[Word]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match lines.last_mut().filter(|line| line.words[0].1.line == word.line) {
            Some(line) => {
                line.bounds = line.bounds.hull(&word.bounds);
                line.words.push((index, word));
            }
            None => lines.push(Line {
                bounds: word.bounds,
                words: vec![(index, word)],
            }),
        }
    }
    lines
}

/// Runs of lines, each close below the one before.
fn areas<'a, 'w>(lines: &'a [Line<'w>]) -> Vec<&'a [Line<'w>]> {
    let together = |above: &Line<'_>, below: &Line<'_>| {
        let gap = below.bounds.y.checked_sub(above.bounds.y);
        gap.is_some_and(|_| below.bounds.y <= above.bounds.bottom() + LINES_APART * above.bounds.height)
    };
    lines.chunk_by(together).collect()
}

fn bbox(bounds: PixelBox) -> String {
    format!("bbox {} {} {} {}", bounds.x, bounds.y, bounds.right(), bounds.bottom())
}

/// Fit for XML, which has no place for most control characters at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(c),
        }
    }
    out
}
