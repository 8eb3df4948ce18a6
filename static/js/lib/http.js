// The API as pages ask it: JSON both ways, refusals as errors with a code, writes that may safely be sent again.

const GIVE_UP_MS = 10_000;
const AGAIN_AFTER_MS = [400, 1200];

/** The server said no: `code` for programs, `message` for people, `facts` say which and how many. */
export class Refused extends Error {
  constructor(status, { code = "unreadable", message = "The server's answer cannot be read.", facts = {} } = {}) {
    super(message);
    Object.assign(this, { status, code, facts });
  }
}

/** No answer came, or none that can be read: what was asked may or may not have happened. */
export class Unreachable extends Error {}

/** 128 random bits: a new key for each thing that is wanted. (`crypto.randomUUID` is there on secure pages only.) */
export function newKey(random = globalThis.crypto) {
  return [...random.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What is at this address: `{status, body, etag}`; 204 and 304 have no body. Throws Refused and Unreachable. */
export function read(path, { etag = "", ...how } = {}) {
  return once("GET", path, { headers: etag ? { "If-None-Match": etag } : {}, ...how });
}

/**
 * Ask for something to be done. It is sent again under the same key when no answer came or the server was busy, and done
 * once all the same. Throws Refused and Unreachable.
 */
export async function write(method, path, body, { key = newKey(), pause = wait, ...how } = {}) {
  const headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
  for (const afterMs of [...AGAIN_AFTER_MS, null]) {
    try {
      return await once(method, path, { headers, body: body === undefined ? undefined : JSON.stringify(body), ...how });
    } catch (error) {
      if (afterMs === null || !(error instanceof Unreachable || error.status === 503)) throw error;
      await pause(afterMs);
    }
  }
}

async function once(method, path, { headers, body, fetch = globalThis.fetch, giveUpMs = GIVE_UP_MS }) {
  let answer, text;
  try {
    const signal = AbortSignal.timeout(giveUpMs);
    answer = await fetch(path, { method, body, signal, headers: { ...headers, "X-As-Visitor": "1" } });
    text = answer.status === 204 || answer.status === 304 ? "" : await answer.text();
  } catch {
    throw new Unreachable("The server does not answer.");
  }
  const told = parsed(text);
  if (answer.status >= 400) throw new Refused(answer.status, told ?? undefined);
  return { status: answer.status, body: told, etag: answer.headers.get("ETag") ?? "" };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
