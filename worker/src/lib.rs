//! Slotwise at the edge: serves a site's pages with their slots adapted to the visitor.
//!
//! Every page passes through here as a stream. What the slots show is decided before the first byte leaves,
//! by the same engine as in the browser, and handed over so that the browser need not decide again. Whatever
//! goes wrong, the visitor gets the page as it came, and the `x-slotwise` header says why.

mod host;
mod page;
mod persona;
mod site;
mod visitor;

use worker::{Context, Env, Headers, Method, Request, RequestInit, Response, Result, event};

/// Answers a request for a page. The shim keeps everything but GET and HEAD to itself.
///
/// # Errors
/// Only when the site's own pages cannot be had.
#[event(fetch)]
pub async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let page = env.assets("ASSETS")?.fetch_request(whole(&request)?).await?;
    if !is_page(&page) {
        return Ok(page);
    }
    if request.method() == Method::Head {
        return Ok(page::marked(page, "adapted"));
    }
    let plan = match site::load(&env, &request).await {
        Ok(engine) => page::adapt(&engine, &request, &env),
        Err(error) => Err(error),
    };
    match plan {
        Ok(plan) => Ok(page::rewrite(page, &plan)),
        Err(error) => Ok(untouched(page, &error.to_string())),
    }
}

/// The request for a page as if nothing of it were known: a part of a page, or word that it has not changed,
/// is of no use for adapting it. Requests for anything else stay as they are.
fn whole(request: &Request) -> Result<Request> {
    let is_document = request.headers().get("accept")?.is_some_and(|accept| accept.contains("text/html"));
    if !is_document {
        return request.clone();
    }
    let headers: Headers = request.headers().clone();
    for name in ["if-none-match", "if-modified-since", "range", "if-range"] {
        headers.delete(name)?;
    }
    let mut init = RequestInit::new();
    init.with_method(request.method()).with_headers(headers);
    Request::new_with_init(request.url()?.as_str(), &init)
}

fn is_page(page: &Response) -> bool {
    let html = page.headers().get("content-type").ok().flatten().is_some_and(|kind| kind.starts_with("text/html"));
    html && page.status_code() == 200
}

/// The page as it came, with the reason in a header.
fn untouched(page: Response, reason: &str) -> Response {
    worker::console_error!("slotwise: page left untouched: {reason}");
    let plain: String = reason.chars().filter(|character| matches!(character, ' '..='~')).take(200).collect();
    page::marked(page, &format!("untouched; {plain}"))
}
