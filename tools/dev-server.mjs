// Starts `wrangler dev` as a child, and stops all of it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HOST = "127.0.0.1";
const READY_WITHIN = 60_000;
const STOP_WITHIN = 5_000;

/** The wanted port if it is free, else any that is. */
export async function freePort(wanted) {
  for (const port of [wanted, 0]) {
    const server = createServer().unref();
    try {
      server.listen(port, HOST);
      await once(server, "listening");
      return server.address().port;
    } catch (error) {
      if (port === 0) throw error;
    } finally {
      server.close();
    }
  }
}

/**
 * Serves the Worker on a port, and waits until it answers or `quit` is aborted. Throws, with what the server said, when it
 * does not answer.
 * `exited` is kept once the server has ended, whoever ended it; `output()` is what it has said so far.
 */
export async function startDevServer(port, quit) {
  const wrangler = ["wrangler", "dev", "--ip", HOST, "--port", String(port), "--show-interactive-dev-session=false"];
  // A group of its own, because wrangler has children too: stop() ends them together, and a terminal's Ctrl-C asks only us.
  const child = spawn(fileURLToPath(new URL("with-env.sh", import.meta.url)), wrangler, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said = (said + text).slice(-4000);
    });
  }
  const exited = new Promise((resolve) => {
    child.once("exit", resolve).once("error", (error) => {
      said += error.message;
      resolve();
    });
  });
  const server = {
    address: `http://${HOST}:${port}/`,
    exited,
    output: () => said.trim(),
    stop: () => stop(child, exited),
  };
  if ((await answers(server, quit)) || quit.aborted) return server;
  await server.stop();
  throw new Error(`wrangler dev did not start on port ${port}. It said:\n${server.output()}`);
}

async function answers({ address, exited }, quit) {
  let gone = false;
  exited.then(() => {
    gone = true;
  });
  for (const end = Date.now() + READY_WITHIN; !gone && !quit.aborted && Date.now() < end; await pause(150)) {
    const answer = await fetch(address).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
  }
  return false;
}

async function stop(child, exited) {
  signal(child, "SIGTERM");
  await Promise.race([exited, pause(STOP_WITHIN, undefined, { ref: false })]);
  // What is left of the group, if anything.
  signal(child, "SIGKILL");
  await exited;
}

function signal(child, name) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
