//! A child that dies says whether memory had run out: pdfium dies of it without a word, and by one signal or another.
#![expect(unsafe_code, reason = "signal handlers are set and left by bare system calls")]

/// In the complaint of a child that found no more memory when it died.
pub const OUT_OF_MEMORY: &str = "out of memory";

/// Less than this left is none left. Allocators ask the kernel for a megabyte or more at a time.
const LEFT_BYTES_MIN: usize = 16 << 20;
const DEADLY: [libc::c_int; 5] = [libc::SIGABRT, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGTRAP];

/// From now on, dying by a signal includes the word of memory where it is due.
pub fn prepare() {
    let handler: extern "C" fn(libc::c_int) = speak;
    // SAFETY: the struct is plain numbers, zero is a valid value of each, and it lives through the calls. The handler makes
    // only system calls.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as libc::sighandler_t;
        // Once, so that the second time the signal ends the process. The stack may be what ran out.
        action.sa_flags = libc::SA_RESETHAND | libc::SA_ONSTACK;
        for signal in DEADLY {
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
    }
}

extern "C" fn speak(signal: libc::c_int) {
    // SAFETY: these calls are safe within a signal handler; the mapping is new and is not used.
    unsafe {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        if libc::mmap(std::ptr::null_mut(), LEFT_BYTES_MIN, access, kind, -1, 0) == libc::MAP_FAILED {
            libc::write(libc::STDERR_FILENO, OUT_OF_MEMORY.as_ptr().cast(), OUT_OF_MEMORY.len());
        }
        // One that somebody sent doesn't come again by itself.
        libc::raise(signal);
    }
}
