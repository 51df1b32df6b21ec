// What the shop's own code does with a decision: the slot "delivery" has a value, and a sum needs it.
import { session } from "/_slotwise/slotwise.js";

const MOST = 4;

// A basket lives in the address and is kept nowhere.
const basket = document.querySelector(".basket");
const bags = [...document.querySelectorAll(".beans data")].map((price) => Number(price.value));
const total = sumOf(basket === null ? bags : fill(basket));
const shipping = document.getElementById("shipping");

if (shipping !== null && total > 0) {
  const { slots } = await session;
  const delivery = slots.delivery?.content.value;
  if (delivery !== undefined) shipping.textContent = inWords(delivery, delivery.freeFrom - total);
}

function inWords({ days }, missing) {
  if (missing > 0) return `${missing} zł more, and delivery is free.`;
  return days === 0 ? "Delivery is free, and today." : "Delivery is free.";
}

/** Shows what the address asks for, and gives the prices. What is for sale is in the page. */
function fill(section) {
  const asked = new URLSearchParams(location.search);
  const count = Math.min(MOST, Math.max(1, Math.trunc(Number(asked.get("count"))) || 1));
  const goods = asked.getAll("item").map((slug) => section.querySelector(`option[value="${CSS.escape(slug)}"]`));
  const items = goods.filter((item) => item !== null);
  const prices = items.map((item) => Number(item.dataset.price) * count);
  const lines = items.map((item, index) => line(item.label, count, prices[index]));
  section.querySelector("#lines").replaceChildren(...lines);
  section.querySelector("#total").textContent = `${sumOf(prices)} zł`;
  section.hidden = items.length === 0;
  return prices;
}

function line(name, count, price) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  row.append(head);
  for (const text of [count, `${price} zł`]) row.insertCell().textContent = text;
  return row;
}

function sumOf(prices) {
  return prices.reduce((sum, price) => sum + price, 0);
}
