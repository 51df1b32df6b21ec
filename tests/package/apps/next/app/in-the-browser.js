"use client";

import { useEffect } from "react";

/** What the page's script fills: React renders these once and has nothing to put into them. */
export function InTheBrowser() {
  useEffect(() => {
    import("../shared/page.js");
  }, []);
  return (
    <>
      <pre id="answer" />
      <button id="why" type="button">
        Why?
      </button>
      <pre id="reason" />
    </>
  );
}
