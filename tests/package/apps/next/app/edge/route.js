import { load } from "slotwise";
import { answerOf } from "../../shared/visitor.js";

export const runtime = "edge";

export async function GET(request) {
  const engine = await load(await fetch(new URL("/bundle.slotwise", request.url)));
  return new Response(answerOf(engine));
}
