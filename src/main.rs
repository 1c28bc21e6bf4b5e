//! The one binary. The reading child comes first, before any thread, runtime or log.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == referloop::reading::child::COMMAND)
    {
        referloop::reading::child::main();
    }
    referloop::cli::main()
}
