import { createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { SlotProvider } from "slotwise/react";
import "slotwise/hold.css";
import { session } from "./shared/page.js";
import { Shop } from "./shared/shop.js";

createRoot(document.getElementById("root")).render(h(SlotProvider, { session }, h(Shop)));
