// Runs in a page before anything else: puts a clock around `window.agentvmGodot` when the script makes it.
{
  const define = Object.defineProperty;
  const fresh = () => ({
    in: 0,
    out: 0,
    in_characters: 0,
    out_characters: 0,
    callback_ms: 0,
    most_in: 0,
    most_out: 0,
  });
  let times = fresh();
  let frame = { in: 0, out: 0 };

  const nextFrame = () => {
    times.most_in = Math.max(times.most_in, frame.in);
    times.most_out = Math.max(times.most_out, frame.out);
    frame = { in: 0, out: 0 };
    requestAnimationFrame(nextFrame);
  };

  const around = (facade) => ({
    ...facade,
    start: (message, callback) =>
      facade.start(message, (text) => {
        const begin = performance.now();
        callback(text);
        times.callback_ms += performance.now() - begin;
        times.out_characters += text.length;
        times.out += 1;
        frame.out += 1;
      }),
    submit: (message) => {
      times.in_characters += message.length;
      times.in += 1;
      frame.in += 1;
      return facade.submit(message);
    },
  });

  Object.defineProperty = (target, name, how) =>
    define(target, name, name === "agentvmGodot" ? { ...how, value: around(how.value) } : how);

  window.bridgeTimes = {
    take: () => {
      const taken = JSON.stringify(times);
      times = fresh();
      return taken;
    },
  };
  nextFrame();
}
