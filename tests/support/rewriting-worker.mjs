// A Worker that changes pages as the project's does and by HTMLRewriter. It is sent cases: pages, what their slots show, how they are cut, and
// the charset that they are said to have: UTF-8 when none is named, and `null` for pages that do not say.

import { Rewriter } from "../../worker/src/html/rewriter.ts";
import { Slots } from "../../worker/src/page/slots.ts";
import { adaptedByHtmlRewriter } from "./html-rewriter.mjs";

const ENDING = '<script id="ending"></script>';

export default {
  async fetch(request) {
    const cases = await request.json();
    return Response.json(await Promise.all(cases.map(answer)));
  },
};

async function answer({ page, slots, lengths, charset = "utf-8" }) {
  const named = charset ?? undefined;
  const bytes = named === "iso-8859-1" ? latin1(page) : new TextEncoder().encode(page);
  const rewriter = () => new Rewriter(new Slots({ result: { slots }, ending: () => ENDING, charset: named }), named);
  const reference = adaptedByHtmlRewriter(
    new Response(bytes, { headers: { "content-type": "text/html; charset=utf-8" } }),
    {
      slots,
      ending: ENDING,
    },
  );
  return {
    whole: new TextDecoder(named).decode(rewriter().whole(bytes)),
    inPieces: inPieces(rewriter(), bytes, lengths, named),
    reference: await reference.text().catch(() => null),
  };
}

function latin1(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The page as it comes out when it comes in pieces of these lengths; `null` when it breaks off. */
function inPieces(rewriter, bytes, lengths, charset) {
  const decoder = new TextDecoder(charset);
  let text = "";
  try {
    for (let at = 0, index = 0; at < bytes.length; index++) {
      const end = at + lengths[index % lengths.length];
      const { rest } = rewriter;
      const page = new Uint8Array(rest.length + bytes.subarray(at, end).length);
      page.set(rest);
      page.set(bytes.subarray(at, end), rest.length);
      text += decoder.decode(rewriter.read(page), { stream: true });
      at = end;
    }
    return text + decoder.decode(rewriter.end());
  } catch {
    return null;
  } finally {
    rewriter.free();
  }
}
