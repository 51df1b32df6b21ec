//! What HTMLRewriter in Workers finds in a page, which is `lol_html`. The laws of `fuzz/` ask it as well.

use lol_html::{RewriteStrSettings, element, end_tag, rewrite_str};
use std::cell::RefCell;
use std::rc::Rc;

/// The elements of a page: where the start tag of each starts, and the tag at which it ends. That is missing for what has
/// no content, and for what is open at the end. Nothing at all when it is not certain how a browser reads the page.
pub(crate) type Elements = Option<Vec<(usize, Option<usize>)>>;

/// What `lol_html` finds.
pub(crate) fn elements(page: &str) -> Elements {
    let found = Rc::new(RefCell::new(Vec::new()));
    let handler = element!("*", |element| {
        let index = found.borrow().len();
        found.borrow_mut().push((element.source_location().bytes().start, None));
        if let Some(handlers) = element.end_tag_handlers() {
            let found = Rc::clone(&found);
            handlers.push(end_tag!(move |end| {
                found.borrow_mut()[index].1 = Some(end.source_location().bytes().start);
                Ok(())
            }));
        }
        Ok(())
    });
    let result = rewrite_str(page, RewriteStrSettings::new().append_element_content_handler(handler));
    result.ok().map(|_| found.take())
}
