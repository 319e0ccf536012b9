// What a page has under way, counted from before its own scripts. Holds nothing of the page alive
// but what is under way: it must not be the leak that it looks for.
window.probe = (() => {
  const timers = new Map();
  const blobs = new Set();
  const tracks = new Set();
  const calls = new Set();
  const tries = [];

  const { setTimeout: later, clearTimeout: never, setInterval: always, clearInterval: enough } = window;
  window.setTimeout = (act, ms, ...rest) => {
    const timer = later(() => {
      timers.delete(timer);
      act(...rest);
    }, ms);
    timers.set(timer, ms);
    return timer;
  };
  window.setInterval = (act, ms, ...rest) => {
    const timer = always(act, ms, ...rest);
    timers.set(timer, ms);
    return timer;
  };
  window.clearTimeout = window.clearInterval = (timer) => {
    timers.delete(timer);
    never(timer);
    enough(timer);
  };

  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (thing) => {
    const address = createObjectURL.call(URL, thing);
    blobs.add(address);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    blobs.delete(address);
    revokeObjectURL.call(URL, address);
  };

  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };

  const ask = window.fetch.bind(window);
  window.fetch = async (path, ...rest) => {
    const call = {};
    calls.add(call);
    const began = performance.now();
    const note = (came) => {
      calls.delete(call);
      // The beginning only: what follows is a guest's, and must not be found here.
      const where = String(path).split("?")[0].split("/").slice(0, 3).join("/");
      tries.push({ path: where, began, ended: performance.now(), came });
      if (tries.length > 200) tries.shift();
    };
    try {
      const answer = await ask(path, ...rest);
      note(true);
      return answer;
    } catch (error) {
      note(false);
      throw error;
    }
  };

  return {
    /** Finished calls, the last 200: `came` is whether there was an answer. */
    tries: () => tries,
    count() {
      for (const track of tracks) if (track.readyState === "ended") tracks.delete(track);
      return { timers: [...timers.values()].sort((a, b) => a - b), blobs: blobs.size, tracks: tracks.size,
        calls: calls.size };
    },
  };
})();
