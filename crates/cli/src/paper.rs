//! What is saved as a page to read and print: one file of HTML, with its style inside and nothing that runs.
//!
//! In: the contract's paper. Out: HTML.
//! Never: markup of anybody else; every word is escaped, and the page's own policy forbids the rest.

use std::fmt::Write as _;

use handrail_contract::{
    paper::{Paper, PaperItem},
    words::{Phrase, Words},
};
use html_escape::encode_safe;

use crate::speak;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
h1,h2,h3,h4{line-height:1.25}article{border-top:1px solid #999;break-inside:avoid}\
dt{font-weight:600}dd{margin:0 0 .5rem}ol,ul{padding-left:1.25rem}";

/// The whole page, in English as all that this shell says.
pub fn write_html(paper: &Paper) -> String {
    let made = Phrase::new("paper-made").with("day", speak::date(&paper.made_at));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Handrail</title>\n<style>{STYLE}</style>\n<h1>{}</h1>\n<p>{}</p>\n",
        encode_safe(&speak::text("export-title")),
        encode_safe(&speak::phrase(&made)),
    );
    for place in &paper.places {
        add(&mut html, "h2", &encode_safe(&place.place.name));
        for part in &place.parts {
            add(&mut html, "h3", &encode_safe(&speak::phrase(&part.heading)));
            part.items.iter().for_each(|item| add_item(&mut html, item));
        }
    }
    html.push_str("</html>\n");
    html
}

fn add_item(html: &mut String, item: &PaperItem) {
    html.push_str("<article>\n");
    add(html, "h4", &mark(&item.title));
    item.lines.iter().for_each(|line| add(html, "p", &mark(line)));
    if !item.facts.is_empty() {
        html.push_str("<dl>\n");
        for fact in &item.facts {
            add(html, "dt", &encode_safe(&speak::phrase(&fact.label)));
            add(html, "dd", &mark(&fact.value));
        }
        html.push_str("</dl>\n");
    }
    if !item.story.is_empty() {
        html.push_str("<ol>\n");
        for step in &item.story {
            let mut line = encode_safe(&speak::phrase(&step.heading)).into_owned();
            let at = step.at.as_deref().map(speak::date);
            at.into_iter().for_each(|at| line.extend([", ", &encode_safe(&at)]));
            step.words.iter().for_each(|words| line.extend(["<br>", &mark(words)]));
            add(html, "li", &line);
        }
        html.push_str("</ol>\n");
    }
    if !item.contacts.is_empty() {
        html.push_str("<ul>\n");
        for contact in &item.contacts {
            let mut line = encode_safe(&speak::phrase(&contact.label)).into_owned();
            contact.about.iter().for_each(|about| line.extend([", ", &mark(about)]));
            add(html, "li", &line);
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</article>\n");
}

/// One element; `inside` is HTML already.
fn add(html: &mut String, element: &str, inside: &str) {
    // Writing to a String does not fail.
    let _ = writeln!(html, "<{element}>{inside}</{element}>");
}

/// Words, theirs with their language.
fn mark(words: &Words) -> String {
    let text = encode_safe(&speak::words(words)).into_owned();
    match words {
        Words::Theirs { lang: Some(lang), .. } => {
            format!("<span lang=\"{}\">{text}</span>", encode_safe(lang))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use handrail_contract::{
        paper::{PaperPart, PaperPlace},
        place::{Place, SourceId},
    };

    use super::*;

    #[test]
    fn markup_of_a_place_is_letters_on_the_page() {
        let evil = "<script>alert(1)</script> \"&'";
        let words = Words::Theirs { text: evil.into(), lang: Some("\"><b>".into()) };
        let item = PaperItem {
            title: words.clone(),
            lines: vec![words],
            facts: Vec::new(),
            story: Vec::new(),
            contacts: Vec::new(),
        };
        let part = PaperPart { heading: Phrase::new("paper-todos"), items: vec![item] };
        let place = Place { source: SourceId("elm".into()), name: evil.into(), hue: 1 };
        let places = vec![PaperPlace { place, parts: vec![part] }];

        let html = write_html(&Paper { made_at: "2026-05-06T10:45:00Z".into(), places });

        assert!(
            html.contains("on May 6, 2026."),
            "the day itself, not today's name for it: {html}"
        );
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(
            html.contains("&lt;script&gt;alert(1)&lt;&#x2F;script&gt; &quot;&amp;&#x27;"),
            "{html}"
        );
    }
}
