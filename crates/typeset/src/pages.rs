//! From a world to pages, and from pages to files.

use std::num::NonZeroUsize;

use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Label, Selector, Smart, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::{PicoStr, Scalar};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::Closed;
use crate::{Job, Wrong};

/// Pages that are set.
pub struct Pages {
    document: PagedDocument,
    ident: String,
    day: (i16, i8, i8),
}

/// Where a place that the document marked has landed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What the document calls it: `part:T.r1.a`, `end`.
    pub id: String,
    /// From 1.
    pub page: usize,
    /// How far down the page, in points.
    pub down: f64,
}

pub(crate) fn compile(job: &Job) -> Result<Pages, Wrong> {
    let world = Closed::new(job);
    let compiled = typst::compile::<PagedDocument>(&world);
    // The engine remembers across documents; a service would grow for ever.
    typst::comemo::evict(0);
    let document = compiled.output.map_err(|errors| Wrong::Document(told(&errors)))?;
    Ok(Pages { document, ident: job.ident.clone(), day: job.day })
}

fn told(errors: &[SourceDiagnostic]) -> Vec<String> {
    errors.iter().take(8).map(|error| error.message.to_string()).collect()
}

impl Pages {
    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.document.pages().len()
    }

    /// The places that the document marked, from the first to the last.
    pub fn marks(&self) -> Vec<Mark> {
        let introspector = self.document.introspector();
        let Some(label) = Label::new(PicoStr::intern("mark")) else { return Vec::new() };
        let found = introspector.query(&Selector::Label(label));
        let mark = |content: &typst::foundations::Content| {
            let value = content.to_packed::<MetadataElem>()?;
            let Value::Str(id) = &value.value else { return None };
            let position = introspector.position(content.location()?)?;
            Some(Mark { id: id.to_string(), page: position.page.get(), down: position.point.y.to_pt() })
        };
        found.iter().filter_map(mark).collect()
    }

    /// A tagged file for archives (PDF/A-3a) that assistive technology can read (PDF/UA-1).
    ///
    /// # Errors
    /// When the document lacks what these standards ask for, such as the text of a picture.
    pub fn pdf(&self) -> Result<Vec<u8>, Wrong> {
        let (year, month, day) = self.day;
        let moment = Datetime::from_ymd_hms(year.into(), month.unsigned_abs(), day.unsigned_abs(), 0, 0, 0);
        let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]);
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Preuve".to_owned())),
            timestamp: moment.map(Timestamp::new_utc),
            page_ranges: None,
            standards: standards.map_err(|error| Wrong::Document(vec![error.message().to_string()]))?,
            tagged: true,
            pretty: false,
        };
        typst_pdf::pdf(&self.document, &options).map_err(|errors| Wrong::Document(told(&errors)))
    }

    /// A page as a PNG picture with so many pixels a point; none when there is no such page.
    pub fn png(&self, page: NonZeroUsize, scale: f64) -> Option<Vec<u8>> {
        let page = self.document.pages().get(page.get() - 1)?;
        let options = typst_render::RenderOptions { pixel_per_pt: Scalar::new(scale), render_bleed: false };
        typst_render::render(page, &options).encode_png().ok()
    }
}
