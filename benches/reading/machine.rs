//! Where and when a run took place: figures without it say nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

pub fn described(venv: Option<&Path>) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |line| line.trim_start_matches([' ', '\t', ':']));
    let ocrmypdf = venv.map(|venv| venv.join("bin/ocrmypdf"));
    let ocrmypdf = ocrmypdf.map_or_else(String::new, |program| {
        format!(", OCRmyPDF {}", first_line(&program.to_string_lossy(), &["--version"]))
    });
    format!(
        "Run on {} with {cores} cores ({model}), load {} at its end; Referloop {}, {}{ocrmypdf}.",
        first_line("date", &["-u", "+%Y-%m-%d"]),
        fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .split(' ')
            .next()
            .unwrap_or("?"),
        first_line("git", &["describe", "--always", "--dirty"]),
        first_line("tesseract", &["--version"]),
    )
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    text.lines().next().unwrap_or("(version unknown)").to_owned()
}
