import "slotwise/hold.css";

export const metadata = { title: "An app", icons: "data:," };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
