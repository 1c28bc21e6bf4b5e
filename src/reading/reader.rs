//! One page from delivered pixels to upright words and marks. Runs in the child.

use crate::domain::page::{PageText, Rotation, TextSource, Word};
use crate::reading::clean::{self, Cleaned};
use crate::reading::marks;
use crate::reading::orient;
use crate::reading::raster::{Gray, Raster};
use crate::reading::recognize::{Engine, Recognized, mean_confidence};
use crate::reading::second_reading;
use crate::reading::text_layer::{self, Character};

/// Below this mean the page may lie another way than its letters seemed to say.
const DOUBTFUL_CONFIDENCE: f32 = 0.60;
/// Part of the page's height that is read to compare directions.
const STRIP_PART: f64 = 0.18;

/// A page read, with the review image.
pub struct Read {
    pub text: PageText,
    pub image: Gray,
}

pub fn read(engine: &mut Engine, number: u32, delivered: &Raster, characters: Option<&[Character]>) -> Read {
    if let Some(words) = characters.and_then(|characters| trusted_layer(engine, delivered, characters)) {
        return finish(number, Rotation::Upright, TextSource::TextLayer, delivered, words);
    }
    let despeckled = clean::despeckled(delivered);
    let letters = orient::letters(&despeckled);
    if letters.is_blank() {
        let mut read = finish(number, Rotation::Upright, TextSource::None, delivered, Vec::new());
        read.text.blank = true;
        return read;
    }
    let order = letters.likeliest();
    let mut rotation = order[0];
    let mut cleaned = clean::clean(&despeckled.turned(rotation));
    let mut words = engine.words(&cleaned.gray, cleaned.dpi);
    if mean_confidence(&words) < DOUBTFUL_CONFIDENCE {
        let better = best_by_strip(engine, &despeckled, order);
        if better != rotation {
            let other = clean::clean(&despeckled.turned(better));
            let reread = engine.words(&other.gray, other.dpi);
            if mean_confidence(&reread) > mean_confidence(&words) {
                (rotation, cleaned, words) = (better, other, reread);
            }
        }
    }
    let second = second_reading::of_doubtful(engine, &cleaned.gray, cleaned.dpi, &words);
    let mut words = on_review_image(words, &cleaned);
    for (at, reading) in second {
        words[at].second = Some(reading);
    }
    let upright = delivered.turned(rotation);
    finish(number, rotation, TextSource::Ocr, &upright, words)
}

fn on_review_image(words: Vec<Recognized>, cleaned: &Cleaned) -> Vec<Word> {
    words
        .into_iter()
        .map(|word| Word {
            bounds: cleaned.to_review(word.bounds),
            text: word.text,
            confidence: word.confidence,
            line: word.line,
            second: None,
        })
        .collect()
}

fn finish(number: u32, rotation: Rotation, text_source: TextSource, upright: &Raster, words: Vec<Word>) -> Read {
    let image = clean::review_image(upright);
    let marks = marks::find(&image);
    let text = PageText {
        number,
        rotation,
        blank: false,
        text_source,
        width: image.width as u32,
        height: image.height as u32,
        words,
        check_boxes: marks.check_boxes,
        ruled_lines: marks.ruled_lines,
        unreadable: None,
    };
    Read { text, image }
}

/// Reads a strip of text both ways up and takes the better; the other two ways only where neither reads.
///
/// Tesseract reads lines that stand upright on their side too, so its confidence can't tell a quarter turn.
fn best_by_strip(engine: &mut Engine, despeckled: &Raster, order: [Rotation; 4]) -> Rotation {
    let mut best = (f32::MIN, order[0]);
    for (tried, rotation) in order.into_iter().enumerate() {
        if tried == 2 && best.0 >= DOUBTFUL_CONFIDENCE {
            break;
        }
        let cleaned = clean::clean(&despeckled.turned(rotation));
        let strip = densest_strip(&cleaned.gray);
        let confidence = mean_confidence(&engine.words(&strip, cleaned.dpi));
        if confidence > best.0 {
            best = (confidence, rotation);
        }
    }
    best.1
}

/// The horizontal strip with the most ink.
fn densest_strip(gray: &Gray) -> Gray {
    let height = ((gray.height as f64 * STRIP_PART) as usize).clamp(1, gray.height);
    let ink: Vec<usize> = (0..gray.height)
        .map(|y| gray.row(y).iter().filter(|&&p| p < 128).count())
        .collect();
    let mut sum: usize = ink[..height].iter().sum();
    let mut best = (sum, 0);
    for y in height..gray.height {
        sum = sum + ink[y] - ink[y - height];
        if sum > best.0 {
            best = (sum, y + 1 - height);
        }
    }
    gray.cropped(0, best.1, gray.width, height)
}

/// Words of the layer, if the pixels bear them out: by geometry, and by recognising a sample.
fn trusted_layer(engine: &mut Engine, delivered: &Raster, characters: &[Character]) -> Option<Vec<Word>> {
    let words = text_layer::words(characters);
    let review = clean::review_image(delivered);
    let inside = |word: &Word| {
        (word.bounds.right() as usize) <= review.width && (word.bounds.bottom() as usize) <= review.height
    };
    if !words.iter().all(inside) || !text_layer::agrees_with_ink(&words, &review) {
        return None;
    }
    let (top, height) = sample_strip(&words, review.height);
    let strip = review.cropped(0, top, review.width, height);
    let sampled = engine.words(&strip, 200.0);
    let said: Vec<&Word> = words
        .iter()
        .filter(|w| w.bounds.y as usize >= top && w.bounds.bottom() as usize <= top + height)
        .collect();
    says_the_same(&said, &sampled).then_some(words)
}

/// A strip of about a tenth of the page around the most words.
fn sample_strip(words: &[Word], page_height: usize) -> (usize, usize) {
    let height = (page_height / 10).max(1);
    let count = |top: usize| {
        words
            .iter()
            .filter(|w| w.bounds.y as usize >= top && w.bounds.bottom() as usize <= top + height)
            .count()
    };
    let tops = (0..page_height.saturating_sub(height).max(1)).step_by(height / 2 + 1);
    let top = tops.max_by_key(|&top| count(top)).unwrap_or(0);
    (top, height)
}

/// Share of longer words that recognition saw too.
const SAMPLE_AGREEMENT: f64 = 0.7;

fn says_the_same(said: &[&Word], sampled: &[Recognized]) -> bool {
    let plain = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_lowercase()
    };
    let seen: Vec<String> = sampled.iter().map(|word| plain(&word.text)).collect();
    let longer: Vec<String> = said
        .iter()
        .map(|word| plain(&word.text))
        .filter(|text| text.len() >= 3)
        .collect();
    let found = longer
        .iter()
        .filter(|text| {
            seen.iter()
                .any(|other| strsim::normalized_levenshtein(text, other) >= 0.75)
        })
        .count();
    found as f64 >= longer.len() as f64 * SAMPLE_AGREEMENT
}
