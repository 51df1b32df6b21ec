//! The bundle, loaded once for each isolate.

use slotwise::Engine;
use std::cell::RefCell;
use std::rc::Rc;
use worker::{Env, Error, Request, Result};

/// Where the compiled bundle lies among the site's assets.
const BUNDLE: &str = "/bundle.slotwise";

thread_local! {
    static LOADED: RefCell<Option<Rc<Engine>>> = const { RefCell::new(None) };
}

/// The engine with the site's bundle.
pub(crate) async fn load(env: &Env, request: &Request) -> Result<Rc<Engine>> {
    if let Some(engine) = LOADED.with_borrow(Clone::clone) {
        return Ok(engine);
    }
    let mut address = request.url()?;
    address.set_path(BUNDLE);
    address.set_query(None);
    let mut response = env.assets("ASSETS")?.fetch(address.as_str(), None).await?;
    if response.status_code() != 200 {
        return Err(Error::RustError(format!("{BUNDLE} answered {}", response.status_code())));
    }
    let engine = Engine::load(&response.bytes().await?).map_err(|error| Error::RustError(error.to_string()))?;
    let engine = Rc::new(engine);
    LOADED.replace(Some(engine.clone()));
    Ok(engine)
}
