//! Tables for people, with each figure's ratio to the floor or the peer of the same run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::packet::Packet;
use crate::score::{PageRead, Score};
use crate::throughput::Throughput;

pub const REFERLOOP: &str = "Referloop";
pub const FLOOR: &str = "bare leptess";
/// With the library that our children load.
pub const FLOOR_NEWER: &str = "bare leptess, libtesseract 5.5";
pub const TESSERACT: &str = "tesseract command";
pub const REFERLOOP_PDF: &str = "Referloop, same PDFs";
pub const OCRMYPDF: &str = "OCRmyPDF";
pub const OCRMYPDF_FULL: &str = "OCRmyPDF --deskew --clean --rotate-pages";

const BEGIN: &str = "<!-- reading: begin, written by make bench-reading -->";
const END: &str = "<!-- reading: end -->";

/// What one reader made of one packet.
#[derive(Debug, Default)]
pub struct Run {
    pub pages: Vec<PageRead>,
    pub cpu_seconds: f64,
}

#[derive(Default)]
struct Total {
    score: Score,
    cpu_seconds: f64,
}

impl Total {
    fn cpu_a_page(&self) -> f64 {
        self.cpu_seconds / self.score.pages.max(1) as f64
    }
}

#[derive(Default)]
pub struct Report {
    /// By delivery and reader.
    totals: BTreeMap<(String, &'static str), Total>,
    /// Noisy faxes by damage and reader, accuracy alone.
    damages: BTreeMap<(String, &'static str), Score>,
    pub throughput: Option<Throughput>,
}

impl Report {
    pub fn add(&mut self, packet: &Packet, reader: &'static str, run: &Run) {
        assert_eq!(
            packet.pages.len(),
            run.pages.len(),
            "{reader} lost pages of {}",
            packet.file.display()
        );
        let total = self.totals.entry((packet.delivery.clone(), reader)).or_default();
        total.cpu_seconds += run.cpu_seconds;
        for (page, read) in packet.pages.iter().zip(&run.pages) {
            total.score.add(&page.truth, read);
            if packet.delivery.starts_with("fax_") && [REFERLOOP, FLOOR].contains(&reader) {
                let damage = format!("{}, {}", packet.delivery, page.truth.damage);
                self.damages.entry((damage, reader)).or_default().add(&page.truth, read);
            }
        }
    }

    pub fn markdown(&self, machine: &str) -> String {
        let mut text = format!("{machine}\n\n");
        self.accuracy(&mut text);
        self.by_damage(&mut text);
        self.cpu(&mut text);
        self.stages(&mut text);
        self.peers(&mut text);
        self.directions(&mut text);
        if let Some(throughput) = &self.throughput {
            threads(&mut text, throughput);
        }
        text
    }

    fn accuracy(&self, text: &mut String) {
        text.push_str("### Accuracy\n\nWord F1 over bags of words, character error rate within the true words' boxes, share of field values found letter for letter.\n\n");
        text.push_str("| delivery | reader | pages | word F1 | 1 − F1 against bare leptess | CER | values found |\n|---|---|---:|---:|---:|---:|---:|\n");
        for ((delivery, reader), total) in &self.totals {
            if matches!(delivery.as_str(), "turned" | "blank") || [REFERLOOP_PDF, FLOOR_NEWER].contains(reader) {
                continue;
            }
            let score = &total.score;
            let floor = self
                .totals
                .get(&(delivery.clone(), FLOOR))
                .map(|floor| 1.0 - floor.score.word_f1());
            let against = floor
                .filter(|floor| *floor > 0.0 && score.pages > 0 && *reader != FLOOR && !reader.starts_with(OCRMYPDF));
            let against = against.map_or("–".to_owned(), |floor| {
                format!("{:.2}×", (1.0 - score.word_f1()) / floor)
            });
            // It turns pages by fractions of a degree, so that boxes no longer lie where the truth says.
            let cer = if *reader == OCRMYPDF_FULL {
                "–".to_owned()
            } else {
                format!("{:.4}", score.character_error_rate())
            };
            let _ = writeln!(
                text,
                "| {delivery} | {reader} | {} | {:.4} | {against} | {cer} | {:.3} |",
                score.pages,
                score.word_f1(),
                score.value_recall()
            );
        }
    }

    fn by_damage(&self, text: &mut String) {
        text.push_str("\n### Accuracy by kind of damage\n\n| delivery, damage | pages | word F1 | bare leptess | values found | bare leptess |\n|---|---:|---:|---:|---:|---:|\n");
        for ((damage, reader), ours) in &self.damages {
            let Some(floor) = self
                .damages
                .get(&(damage.clone(), FLOOR))
                .filter(|_| *reader == REFERLOOP)
            else {
                continue;
            };
            let _ = writeln!(
                text,
                "| {damage} | {} | {:.4} | {:.4} | {:.3} | {:.3} |",
                ours.pages,
                ours.word_f1(),
                floor.word_f1(),
                ours.value_recall(),
                floor.value_recall()
            );
        }
    }

    fn cpu(&self, text: &mut String) {
        text.push_str(
            "\n### Processor time\n\nSeconds a page in packets of ten. Ours holds everything, bare leptess recognition alone; \
             once with Debian's libtesseract 5.3, once with the 5.5 that our children load where it is installed.\n\n\
             | delivery | pages | Referloop | bare leptess 5.3 | ratio | bare leptess 5.5 | ratio | tesseract command | read twice |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for ((delivery, reader), ours) in &self.totals {
            if *reader != REFERLOOP {
                continue;
            }
            let of = |reader| self.totals.get(&(delivery.clone(), reader)).map(Total::cpu_a_page);
            let seconds = |seconds: Option<f64>| seconds.map_or("–".to_owned(), |seconds| format!("{seconds:.3}"));
            let ratio = |floor: Option<f64>| {
                floor.map_or("–".to_owned(), |floor| format!("{:.2}×", ours.cpu_a_page() / floor))
            };
            let _ = writeln!(
                text,
                "| {delivery} | {} | {:.3} | {} | {} | {} | {} | {} | {:.0} % |",
                ours.score.pages,
                ours.cpu_a_page(),
                seconds(of(FLOOR)),
                ratio(of(FLOOR)),
                seconds(of(FLOOR_NEWER)),
                ratio(of(FLOOR_NEWER)),
                seconds(of(TESSERACT)),
                100.0 * ours.score.again as f64 / ours.score.pages.max(1) as f64
            );
        }
    }

    fn stages(&self, text: &mut String) {
        text.push_str(
            "\n### Where our time goes\n\nMilliseconds a page in the child; the rest is its start, the pipe, the PNG and what the parent does.\n\n\
             | delivery | decoding | cleaning | first reading | second readings | marks | first pass against bare leptess 5.3 | 5.5 | rest |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for ((delivery, reader), ours) in &self.totals {
            if *reader != REFERLOOP {
                continue;
            }
            let milliseconds = ours
                .score
                .stages
                .map(|seconds| seconds * 1000.0 / ours.score.pages.max(1) as f64);
            let [decoding, cleaning, first, second, marks] = milliseconds;
            let against = |reader| {
                let floor = self.totals.get(&(delivery.clone(), reader)).map(Total::cpu_a_page);
                let ours = (decoding + cleaning + first + marks) / 1000.0;
                floor.map_or("–".to_owned(), |floor| format!("{:.2}×", ours / floor))
            };
            let rest = ours.cpu_a_page() * 1000.0 - milliseconds.iter().sum::<f64>();
            let _ = writeln!(
                text,
                "| {delivery} | {decoding:.0} | {cleaning:.0} | {first:.0} | {second:.0} | {marks:.0} | {} | {} | {rest:.0} |",
                against(FLOOR),
                against(FLOOR_NEWER),
            );
        }
    }

    fn peers(&self, text: &mut String) {
        text.push_str("\n### Against OCRmyPDF on the same scanned PDFs\n\nSeconds of processor time a page; the same packets, one job.\n\n| delivery | pages | Referloop | OCRmyPDF | ratio | with --deskew --clean --rotate-pages | ratio |\n|---|---:|---:|---:|---:|---:|---:|\n");
        for ((delivery, reader), ours) in &self.totals {
            let of = |reader| self.totals.get(&(delivery.clone(), reader));
            let (REFERLOOP_PDF, Some(plain), Some(full)) = (*reader, of(OCRMYPDF), of(OCRMYPDF_FULL)) else {
                continue;
            };
            let (ours_a_page, plain, full) = (ours.cpu_a_page(), plain.cpu_a_page(), full.cpu_a_page());
            let _ = writeln!(
                text,
                "| {delivery} | {} | {ours_a_page:.3} | {plain:.3} | {:.2}× | {full:.3} | {:.2}× |",
                ours.score.pages,
                plain / ours_a_page,
                full / ours_a_page
            );
        }
    }

    fn directions(&self, text: &mut String) {
        text.push_str("\n### Direction and emptiness\n\n| delivery | pages with 20 words or more | turned right | blank told from written |\n|---|---:|---:|---:|\n");
        for ((delivery, reader), total) in &self.totals {
            if *reader != REFERLOOP {
                continue;
            }
            let score = &total.score;
            let _ = writeln!(
                text,
                "| {delivery} | {} | {} of {} | {} of {} |",
                score.rotations, score.rotations_right, score.rotations, score.blank_right, score.pages
            );
        }
    }
}

fn threads(text: &mut String, t: &Throughput) {
    let _ = write!(
        text,
        "\n### One and two at a time\n\nOne document of {} pages, wall seconds; the better of two runs.\n\n| | one | two | gain |\n|---|---:|---:|---:|\n| Referloop's children | {:.1} | {:.1} | {:.2}× |\n| processes of bare leptess | {:.1} | {:.1} | {:.2}× |\n\nOur gain is {:.2} of theirs.\n",
        t.pages,
        t.one_child,
        t.two_children,
        t.one_child / t.two_children,
        t.one_bare,
        t.two_bare,
        t.one_bare / t.two_bare,
        t.gain_against_bare()
    );
}

/// Replaces what an earlier run wrote.
pub fn put_between_marks(path: &Path, text: &str) {
    let document = fs::read_to_string(path).unwrap();
    let (before, rest) = document
        .split_once(BEGIN)
        .expect("the document has marks for the tables");
    let (_, after) = rest.split_once(END).expect("the document has marks for the tables");
    let document = format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", text.trim());
    fs::write(path, document).unwrap();
}
