//! The press: from a package and templates to the bytes of every file, on several threads.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use gangway_documents::{Brand, Document, HtmlOptions};
use gangway_domain::methodology::Methodology;
use gangway_domain::package::{Meeting, Package};
use gangway_domain::portal::Language;
use minijinja::Environment;
use minijinja::value::{Serde, Value};

use super::calendar::calendar;
use super::files::{self, Audience, DOCUMENTS, DocumentSpec, EMAILS, EmailSpec};
use super::sheets::workbook;
use super::templates::{environment, environment_in, fill, one_line};
use super::{Format, Formats, MARK, PackageError, RenderedFile, Wordable, Wordings, spoken, view, wording};

/// Template of the page that shows it all.
const INDEX_TEMPLATE: &str = "index";

/// What is made of what: one file.
#[derive(Debug, Clone)]
enum Making<'a> {
    Index,
    Json,
    Document(&'static DocumentSpec, Format),
    Email(&'static EmailSpec, &'static str),
    Calendar,
    Meeting(&'a Meeting),
}

/// A file to make.
struct Job<'a> {
    path: String,
    title: String,
    making: Making<'a>,
}

/// The paths of all files with their titles.
pub(super) fn paths(package: &Package, formats: &Formats) -> Vec<(String, String)> {
    jobs(package, formats).into_iter().map(|job| (job.path, job.title)).collect()
}

/// Makes all files, or the one at `only`, with the words people changed, and e-mails in a language.
pub(super) fn print(
    package: &Package,
    methodology: &Methodology,
    formats: &Formats,
    words: (&Wordings, Language),
    only: Option<&str>,
) -> Result<Vec<RenderedFile>, PackageError> {
    let mut jobs = jobs(package, formats);
    jobs.retain(|job| only.is_none_or(|path| job.path == path));
    let press = Press::prepare(package, methodology, formats, words, &jobs)?;
    press.run(&jobs)
}

/// The table of files, spread out for this package.
fn jobs<'a>(package: &'a Package, formats: &Formats) -> Vec<Job<'a>> {
    let mut jobs = Vec::new();
    let mut add = |format: Format, path: String, title: &str, making: Making<'a>| {
        if formats.has(format) {
            jobs.push(Job { path, title: title.to_owned(), making });
        }
    };
    add(Format::Html, files::INDEX.to_owned(), "Overview", Making::Index);
    add(Format::Json, files::JSON.to_owned(), "Package data", Making::Json);
    for spec in DOCUMENTS.iter().filter(|spec| spec.needs.met_by(&package.meetings)) {
        for format in spec.formats {
            add(
                *format,
                format!("{}.{}", spec.name, format.name()),
                spec.title,
                Making::Document(spec, *format),
            );
        }
    }
    for spec in EMAILS.iter().filter(|spec| spec.needs.met_by(&package.meetings)) {
        for part in files::EMAIL_PARTS {
            add(Format::Email, format!("emails/{}.{part}", spec.name), spec.title, Making::Email(spec, part));
        }
    }
    add(Format::Ics, files::CALENDAR.to_owned(), "All meetings", Making::Calendar);
    for (path, meeting) in meeting_paths(&package.meetings) {
        add(Format::Ics, path, &meeting.title, Making::Meeting(meeting));
    }
    jobs
}

/// The calendar file of every meeting: named after its id in letters, digits and hyphens, unique in the
/// package.
pub(super) fn meeting_paths(meetings: &[Meeting]) -> Vec<(String, &Meeting)> {
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    meetings
        .iter()
        .map(|meeting| {
            let plain: String = meeting
                .id
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
                .collect();
            let plain = plain.trim_matches('-');
            let name: String = if plain.is_empty() { "meeting" } else { plain }.chars().take(80).collect();
            let count = taken.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { name } else { format!("{name}-{count}") };
            (format!("{}{name}.ics", files::MEETINGS), meeting)
        })
        .collect()
}

/// Everything the files are made from.
struct Press<'a> {
    package: &'a Package,
    brand: Brand,
    /// Documents by name of template; e-mails as `emails/<name>`.
    documents: BTreeMap<String, Document>,
}

impl<'a> Press<'a> {
    /// Fills in every template the jobs need, each once.
    fn prepare(
        package: &'a Package,
        methodology: &Methodology,
        formats: &Formats,
        (wordings, language): (&Wordings, Language),
        jobs: &[Job<'_>],
    ) -> Result<Self, PackageError> {
        let env = environment(methodology)?;
        let mut context = view::internal(package);
        if let Some(context) = context.as_object_mut() {
            context.insert("files".to_owned(), shelf(package, formats));
        }
        let (internal, shared) = (Value::from(Serde(&context)), Value::from(Serde(view::shared(package))));
        let touch = package.segmentation.touch.as_str();
        let mut documents = BTreeMap::new();
        for job in jobs {
            let (name, context) = match &job.making {
                Making::Index => (INDEX_TEMPLATE.to_owned(), &internal),
                Making::Document(_, Format::Xlsx) | Making::Json | Making::Calendar | Making::Meeting(_) => {
                    continue;
                }
                Making::Document(spec, _) if spec.audience == Audience::Customer => {
                    (spec.name.to_owned(), &shared)
                }
                Making::Document(spec, _) => (spec.name.to_owned(), &internal),
                Making::Email(spec, _) => (format!("emails/{}", spec.name), &shared),
            };
            if let Entry::Vacant(place) = documents.entry(name) {
                let text = match &job.making {
                    Making::Email(spec, _) => match translated(package, methodology, spec.name, language)? {
                        Some(text) => text,
                        None => email_text(&env, Language::En, place.key(), touch, context)?,
                    },
                    _ => fill(&env, &own_or_common(&env, place.key(), touch, ".md"), context)?,
                };
                let wording = match &job.making {
                    Making::Email(EmailSpec { name, .. }, _)
                    | Making::Document(DocumentSpec { name, .. }, _) => wordings.get(*name),
                    _ => None,
                };
                let document = match wording {
                    Some(wording) => parse(place.key(), &wording.over(&text).text)?,
                    None => parse(place.key(), &text)?,
                };
                place.insert(document);
            }
        }
        Ok(Self { package, brand: brand(package), documents })
    }

    /// Makes the files on as many threads as there are processors, the slow ones first; results keep the order of the jobs.
    fn run(&self, jobs: &[Job<'_>]) -> Result<Vec<RenderedFile>, PackageError> {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|index| jobs.get(*index).map(|job| !job.path.ends_with(".pdf")));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut made = Vec::new();
            while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Some(job) = jobs.get(*index) {
                    made.push((*index, self.make(job)));
                }
            }
            made
        };
        let workers = thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
        let mut made = thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut made = work();
            for other in others {
                match other.join() {
                    Ok(more) => made.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            made
        });
        made.sort_by_key(|(index, _)| *index);
        made.into_iter().map(|(_, file)| file).collect()
    }

    fn make(&self, job: &Job<'_>) -> Result<RenderedFile, PackageError> {
        let bytes = match &job.making {
            Making::Index => {
                let mut page =
                    gangway_documents::html(self.document(INDEX_TEMPLATE)?, &self.html_options(&[]));
                page.push_str(MARK);
                page.push('\n');
                page.into_bytes()
            }
            Making::Json => {
                let mut json = serde_json::to_vec_pretty(self.package).map_err(|e| failed(&job.path, &e))?;
                json.push(b'\n');
                json
            }
            Making::Document(spec, format) => self.document_file(job, spec, *format)?,
            Making::Email(spec, part) => self.email_file(spec, part)?,
            Making::Calendar => calendar(self.package, &self.package.meetings).into_bytes(),
            Making::Meeting(meeting) => calendar(self.package, [*meeting]).into_bytes(),
        };
        Ok(RenderedFile { path: job.path.clone(), media_type: files::media_type(&job.path), bytes })
    }

    fn document_file(
        &self,
        job: &Job<'_>,
        spec: &DocumentSpec,
        format: Format,
    ) -> Result<Vec<u8>, PackageError> {
        let document = || self.document(spec.name);
        Ok(match format {
            Format::Md => gangway_documents::markdown(document()?).into_bytes(),
            Format::Html => {
                // The overview is internal: what goes to the customer does not point to it.
                let links: &[(&str, &str)] =
                    if spec.audience == Audience::Vendor { &[("Overview", files::INDEX)] } else { &[] };
                gangway_documents::html(document()?, &self.html_options(links)).into_bytes()
            }
            Format::Pdf => {
                gangway_documents::pdf(document()?, &self.brand).map_err(|e| failed(&job.path, &e))?
            }
            Format::Docx => {
                gangway_documents::docx(document()?, &self.brand).map_err(|e| failed(&job.path, &e))?
            }
            Format::Pptx => {
                gangway_documents::pptx(document()?, &self.brand).map_err(|e| failed(&job.path, &e))?
            }
            Format::Xlsx => {
                let book = workbook(spec.name, self.package)
                    .ok_or_else(|| PackageError::UnknownFile(job.path.clone()))??;
                gangway_documents::xlsx(&book, &self.brand).map_err(|e| failed(&job.path, &e))?
            }
            Format::Ics | Format::Email | Format::Json => {
                return Err(PackageError::UnknownFile(job.path.clone()));
            }
        })
    }

    fn email_file(&self, spec: &EmailSpec, part: &str) -> Result<Vec<u8>, PackageError> {
        let email = gangway_documents::email(self.document(&format!("emails/{}", spec.name))?, &self.brand);
        Ok(match part {
            "html" => email.html,
            "txt" => email.text,
            _ => format!("{}\n", one_line(&email.subject)),
        }
        .into_bytes())
    }

    fn document(&self, name: &str) -> Result<&Document, PackageError> {
        self.documents.get(name).ok_or_else(|| PackageError::MissingTemplate(name.to_owned()))
    }

    fn html_options(&self, links: &[(&str, &str)]) -> HtmlOptions {
        HtmlOptions {
            brand: self.brand.clone(),
            navigation: links.iter().map(|(label, href)| ((*label).to_owned(), (*href).to_owned())).collect(),
        }
    }
}

/// The template of a touch model (`handoff.tech.md`) where there is one, else the one for all (`handoff.md`).
fn own_or_common(env: &Environment<'_>, name: &str, touch: &str, ending: &str) -> String {
    let own = format!("{name}.{touch}{ending}");
    if env.get_template(&own).is_ok() { own } else { format!("{name}{ending}") }
}

/// How documents of this package look.
pub(super) fn brand(package: &Package) -> Brand {
    Brand::new(package.names.vendor.clone(), "")
}

/// What the template of a document says about this package.
pub(super) fn written(
    package: &Package,
    methodology: &Methodology,
    document: Wordable,
    language: Language,
) -> Result<String, PackageError> {
    if document.email
        && let Some(text) = translated(package, methodology, document.name, language)?
    {
        return Ok(text);
    }
    let env = environment(methodology)?;
    let touch = package.segmentation.touch.as_str();
    let seen = if document.for_customer { view::shared(package) } else { view::internal(package) };
    let context = Value::from(Serde(&seen));
    if document.email {
        email_text(&env, Language::En, &format!("emails/{}", document.name), touch, &context)
    } else {
        fill(&env, &own_or_common(&env, document.name, touch, ".md"), &context)
    }
}

/// The text of an e-mail in another language; nothing where nobody has translated it.
fn translated(
    package: &Package,
    methodology: &Methodology,
    name: &str,
    language: Language,
) -> Result<Option<String>, PackageError> {
    let own = methodology.email_in(language, name);
    if own == name {
        return Ok(None);
    }
    let env = environment_in(methodology, language)?;
    let mut seen = view::shared(package);
    spoken::put_into(&mut seen, methodology, language);
    let touch = package.segmentation.touch.as_str();
    email_text(&env, language, &format!("emails/{own}"), touch, &Value::from(Serde(seen))).map(Some)
}

/// An e-mail's subject and body as one document, the subject in its front matter.
fn email_text(
    env: &Environment<'_>,
    language: Language,
    name: &str,
    touch: &str,
    context: &Value,
) -> Result<String, PackageError> {
    let subject = one_line(&fill(env, &own_or_common(env, name, touch, "/subject.txt"), context)?);
    let body = fill(env, &own_or_common(env, name, touch, "/body.md"), context)?;
    Ok(wording::email_in(language, &subject, &body))
}

/// Reads a text in the dialect.
pub(super) fn parse(name: &str, text: &str) -> Result<Document, PackageError> {
    gangway_documents::parse(text)
        .map_err(|error| PackageError::Document { name: name.to_owned(), message: error.to_string() })
}

/// The shelf of the overview page: every document with links to its files.
fn shelf(package: &Package, formats: &Formats) -> serde_json::Value {
    let jobs = jobs(package, formats);
    let link = |job: &Job<'_>, label: &str| serde_json::json!({ "label": label, "path": job.path });
    let documents: Vec<_> = DOCUMENTS
        .iter()
        .filter_map(|spec| {
            let links: Vec<_> = jobs
                .iter()
                .filter_map(|job| match &job.making {
                    Making::Document(other, format) if other.name == spec.name => Some(link(job, people_say(*format))),
                    _ => None,
                })
                .collect();
            (!links.is_empty()).then(|| {
                serde_json::json!({
                    "title": spec.title, "purpose": spec.purpose, "for_customer": spec.audience == Audience::Customer, "links": links,
                })
            })
        })
        .collect();
    let emails: Vec<_> = EMAILS
        .iter()
        .filter(|spec| formats.has(Format::Email) && spec.needs.met_by(&package.meetings))
        .map(|spec| {
            let links: Vec<_> = [("Subject", "subject.txt"), ("Text", "txt"), ("HTML", "html")]
                .into_iter()
                .map(|(label, part)| serde_json::json!({ "label": label, "path": format!("emails/{}.{part}", spec.name) }))
                .collect();
            serde_json::json!({ "title": spec.title, "links": links })
        })
        .collect();
    let meetings: BTreeMap<&str, &str> = jobs
        .iter()
        .filter_map(|job| match &job.making {
            Making::Meeting(meeting) => Some((meeting.id.as_str(), job.path.as_str())),
            _ => None,
        })
        .collect();
    serde_json::json!({
        "documents": documents, "emails": emails, "meetings": meetings,
        "calendar": formats.has(Format::Ics).then_some(files::CALENDAR), "json": formats.has(Format::Json).then_some(files::JSON),
    })
}

/// What people call a format.
fn people_say(format: Format) -> &'static str {
    match format {
        Format::Md => "Markdown",
        Format::Html => "Web page",
        Format::Pdf => "PDF",
        Format::Docx => "Word",
        Format::Xlsx => "Excel",
        Format::Pptx => "PowerPoint",
        Format::Ics => "Calendar",
        Format::Email => "E-mail",
        Format::Json => "JSON",
    }
}

pub(super) fn failed(path: &str, error: &dyn std::fmt::Display) -> PackageError {
    PackageError::Render { path: path.to_owned(), message: error.to_string() }
}
