//! Slotwise at the edge: serves a site's pages with their slots adapted to the visitor.
//!
//! Every page passes through here as a stream. What the slots show is decided before the first byte leaves,
//! by the same engine as in the browser, and handed over so that the browser need not decide again. Whatever
//! goes wrong, the visitor gets the page as it came, and the `x-slotwise` header says why.

mod page;
mod persona;
mod site;
mod visitor;

use worker::{Context, Env, Method, Request, Response, Result, event};

/// The header that says what became of a page.
const OUTCOME: &str = "x-slotwise";

/// Answers one request.
///
/// # Errors
/// Only when the site's own pages cannot be had.
#[event(fetch)]
pub async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let page = env.assets("ASSETS")?.fetch_request(request.clone()?).await?;
    if !is_page(&request, &page) {
        return Ok(page);
    }
    let site = match site::load(&env, &request).await {
        Ok(site) => site,
        Err(error) => return untouched(page, &error.to_string()),
    };
    match page::adapt(&site, &request, &env) {
        Ok(plan) => page::rewrite(page, &plan),
        Err(error) => untouched(page, &error.to_string()),
    }
}

fn is_page(request: &Request, page: &Response) -> bool {
    let html = page.headers().get("content-type").ok().flatten().is_some_and(|kind| kind.starts_with("text/html"));
    html && page.status_code() == 200 && request.method() == Method::Get
}

/// The page as it came, with the reason in a header.
fn untouched(mut page: Response, reason: &str) -> Result<Response> {
    worker::console_error!("slotwise: page left untouched: {reason}");
    let plain: String = reason.chars().filter(|character| matches!(character, ' '..='~')).take(200).collect();
    page.headers_mut().set(OUTCOME, &format!("untouched; {plain}"))?;
    Ok(page)
}
