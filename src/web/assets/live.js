// What changes while somebody looks. One stream a browser, held by one of its tabs, which tells the others: with a stream a tab,
// HTTP/1.1 runs out of connections at the seventh. The stream says kinds and ids only; each tab then looks again by itself.

const channel = new BroadcastChannel("referloop-live");
const SOON = 400;
let waiting = 0;

const tell = (detail) => {
  document.dispatchEvent(new CustomEvent("live", { detail }));
  // Lists are loaded anew once for many hints.
  waiting ||= setTimeout(() => {
    waiting = 0;
    document.querySelectorAll("[data-live]").forEach((list) => list.dispatchEvent(new CustomEvent("live-list")));
  }, SOON);
};
channel.addEventListener("message", (event) => tell(event.data));

const listen = () => new Promise((ended) => {
  const source = new EventSource("/events?poll");
  const pass = (event) => {
    const detail = { kind: event.type, id: event.data };
    channel.postMessage(detail);
    tell(detail);
  };
  for (const kind of ["referral", "transmission", "desk", "reload"]) source.addEventListener(kind, pass);
  source.addEventListener("open", () => {
    document.documentElement.setAttribute("data-live-stream", "open");
    // What happened between the loading of a page and now was told to nobody.
    pass({ type: "reload", data: "opened" });
  });
  source.addEventListener("error", () => {
    document.documentElement.removeAttribute("data-live-stream");
    // Refused: the session ended, or too many listen. The lists ask on their own, and show the login where that is so.
    if (source.readyState === EventSource.CLOSED) {
      pass({ type: "reload", data: "ended" });
      ended();
    }
  });
});
const again = () => new Promise((done) => { setTimeout(done, 30_000); });
const lead = async () => {
  for (;;) {
    await listen();
    await again();
  }
};
if (navigator.locks) navigator.locks.request("referloop-live", lead);
else lead();
