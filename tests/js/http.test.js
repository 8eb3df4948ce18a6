import assert from "node:assert/strict";
import { test } from "node:test";

import { newKey, read, Refused, Unreachable, write } from "../../static/js/lib/http.js";

const pause = async () => {};

/** A server that gives these answers, one after the other, and remembers what it was asked. */
function server(...answers) {
  const asked = [];
  const fetch = async (path, options) => {
    asked.push({ path, ...options });
    const [status, body, headers = {}] = answers.shift();
    if (status === 0) throw new TypeError("no network");
    return { status, text: async () => (typeof body === "string" ? body : JSON.stringify(body)), headers: new Headers(headers) };
  };
  return { asked, fetch };
}

test("a read brings the body and its version, and sends the version it has", async () => {
  const { asked, fetch } = server([200, { left: 3 }, { ETag: '"v1"' }]);
  assert.deepEqual(await read("/stock", { etag: '"v0"', fetch }), { status: 200, body: { left: 3 }, etag: '"v1"' });
  assert.equal(asked[0].headers["If-None-Match"], '"v0"');
});

test("what has not changed has no body", async () => {
  const { fetch } = server([204, ""]);
  assert.deepEqual(await read("/states?since=7", { fetch }), { status: 204, body: null, etag: "" });
});

test("whoever asks is a visitor, whatever login the browser has", async () => {
  const { asked, fetch } = server([200, {}]);
  await read("/stock", { fetch });
  assert.equal(asked[0].headers["X-As-Visitor"], "1");
});

test("a refusal has its code and its facts", async () => {
  const { fetch } = server([409, { code: "places_taken", message: "Taken.", facts: { place_ids: [7] } }]);
  await assert.rejects(read("/locks", { fetch }), (error) => {
    assert.ok(error instanceof Refused);
    assert.deepEqual([error.status, error.code, error.facts], [409, "places_taken", { place_ids: [7] }]);
    return true;
  });
});

test("a refusal that is no JSON is one all the same", async () => {
  const { fetch } = server([502, "<h1>Bad gateway</h1>"]);
  await assert.rejects(read("/locks", { fetch }), { status: 502, code: "unreadable" });
});

test("a write that got no answer is sent again under the same key", async () => {
  const { asked, fetch } = server([0], [503, { code: "busy", message: "", facts: {} }], [201, { id: "x" }]);
  const { body } = await write("POST", "/locks", { places: [1] }, { fetch, pause });
  assert.equal(body.id, "x");
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked.map((one) => one.headers["Idempotency-Key"])).size, 1);
  assert.equal(asked[2].body, '{"places":[1]}');
});

test("a write that is refused is not sent again", async () => {
  const { asked, fetch } = server([409, { code: "over_cap", message: "", facts: {} }]);
  await assert.rejects(write("POST", "/locks", {}, { fetch, pause }), { code: "over_cap" });
  assert.equal(asked.length, 1);
});

test("a server that never answers is given up", async () => {
  const { asked, fetch } = server([0], [0], [0]);
  await assert.rejects(write("POST", "/locks", {}, { fetch, pause }), Unreachable);
  assert.equal(asked.length, 3);
});

test("two wishes have two keys", () => {
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});
