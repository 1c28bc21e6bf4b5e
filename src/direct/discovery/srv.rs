//! In which order the servers of an SRV answer are asked (RFC 2782).

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Lower ones first.
    pub priority: u16,
    /// Among equal priorities, how often it comes first.
    pub weight: u16,
    pub port: u16,
    pub host: String,
}

/// More servers than this are not worth a try.
const SERVERS_MAX: usize = 16;

/// All servers in the order to try them. `draw` gives a number from 0 to its argument, that included. A domain that names
/// the root (`.`) says that it has no such service.
pub fn order(servers: Vec<Server>, mut draw: impl FnMut(u32) -> u32) -> Vec<Server> {
    let mut left: Vec<Server> = servers
        .into_iter()
        .filter(|server| !server.host.trim_end_matches('.').is_empty())
        .collect();
    // Those without a weight go first, so that they are drawn by a 0 alone.
    left.sort_by_key(|server| (server.priority, server.weight));
    let mut ordered = Vec::with_capacity(left.len());
    while let Some(first) = left.first() {
        let equal = left.iter().take_while(|server| server.priority == first.priority);
        let weights: Vec<u32> = equal.map(|server| u32::from(server.weight)).collect();
        let drawn = draw(weights.iter().sum());
        ordered.push(left.remove(index_of(&weights, drawn)));
    }
    ordered.truncate(SERVERS_MAX);
    ordered
}

/// The first whose running sum reaches the number drawn; the last, should the number be out of range.
fn index_of(weights: &[u32], drawn: u32) -> usize {
    let mut sum = 0;
    let reached = weights.iter().position(|weight| {
        sum += weight;
        sum >= drawn
    });
    reached.unwrap_or(weights.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(priority: u16, weight: u16, host: &str) -> Server {
        Server {
            priority,
            weight,
            port: 389,
            host: host.to_owned(),
        }
    }

    fn hosts(servers: &[Server], draw: impl FnMut(u32) -> u32) -> Vec<String> {
        order(servers.to_vec(), draw)
            .into_iter()
            .map(|server| server.host)
            .collect()
    }

    #[test]
    fn the_lowest_priority_is_asked_first_whatever_is_drawn() {
        let servers = [server(20, 100, "c"), server(0, 0, "a"), server(10, 1, "b")];
        for part in [0, 1, 2] {
            assert_eq!(hosts(&servers, |most| most * part / 2), ["a", "b", "c"]);
        }
    }

    #[test]
    fn among_equal_priorities_the_number_drawn_decides_by_weight() {
        let servers = [server(0, 75, "heavy"), server(0, 25, "light"), server(0, 0, "last")];
        assert_eq!(hosts(&servers, |_| 0)[0], "last");
        assert_eq!(hosts(&servers, |_| 25)[0], "light");
        assert_eq!(hosts(&servers, |most| most)[0], "heavy");
        let mut firsts = 0;
        for drawn in 1..=100 {
            firsts += usize::from(hosts(&servers, |most| drawn.min(most))[0] == "heavy");
        }
        assert_eq!(firsts, 75);
    }

    #[test]
    fn each_server_is_tried_once_and_the_root_is_none() {
        let servers = [server(0, 0, "."), server(0, 5, "a"), server(0, 5, "b")];
        let mut tried = hosts(&servers, |_| u32::MAX);
        tried.sort();
        assert_eq!(tried, ["a", "b"]);
        assert!(hosts(&[server(0, 0, ".")], |_| 0).is_empty());
    }
}
