//! Work on two threads: the peer takes every core too.

/// Both at once.
pub fn both<One: Send, Other: Send>(
    one: impl FnOnce() -> One + Send,
    other: impl FnOnce() -> Other + Send,
) -> (One, Other) {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        (one(), other.join().expect("a panic there ends the benchmark"))
    })
}

/// What becomes of each, in order.
pub fn map<Item: Sync, Out: Send>(items: &[Item], each: impl Fn(&Item) -> Out + Sync) -> Vec<Out> {
    let (first, second) = items.split_at(items.len() / 2);
    let of = |half: &[Item]| half.iter().map(&each).collect::<Vec<Out>>();
    let (mut first, second) = both(|| of(first), || of(second));
    first.extend(second);
    first
}
