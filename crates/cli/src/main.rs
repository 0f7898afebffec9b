//! The program `preuve`.

use std::process::ExitCode;

/// Facts and nodes of documents are many small allocations, where the system's allocator takes a quarter of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
