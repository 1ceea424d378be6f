//! Images and documents: how many, how large, and what they are called.
//!
//! The limits are those of the [API reference], [measured] where it differs.
//!
//! [API reference]: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
//! [measured]: https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/778

use std::collections::BTreeSet;

use super::super::conversation::content::{ContentBlock, Document, Media, Message, Source};
use super::super::conversation::{Conversation, ToolResultBlock};
use super::super::model::model_id;
use super::said_by_the_model;
use crate::kernel::ApiError;

/// Anthropic's models take more: 29 were seen to be answered.
const IMAGES_MAX: usize = 20;
/// 3.75 MB, which are 5 MB in base64.
const IMAGE_BYTES_MAX: usize = 3_932_160;
const DOCUMENTS_MAX: usize = 5;
/// 4.5 MB.
const DOCUMENT_BYTES_MAX: usize = 4_718_592;

pub fn check(conversation: &Conversation) -> Result<(), ApiError> {
    let is_anthropic = model_id::provider(&conversation.model_id) == "anthropic";
    let mut names = BTreeSet::new();
    let mut documents_count = 0;
    for (n, message) in conversation.messages().iter().enumerate() {
        check_role(message)?;
        let images = images(n, message);
        if images.len() > IMAGES_MAX && !is_anthropic {
            // Assumed, after what it says of documents.
            return Err(ApiError::validation(format!("You can't include more than {IMAGES_MAX} images in a request.")));
        }
        for (place, image) in images {
            check_image(&place, image, is_anthropic)?;
        }
        let documents = documents(message);
        documents_count += documents.len();
        for document in &documents {
            check_document(document)?;
            if !names.insert(document.name.as_deref().unwrap_or_default()) {
                return Err(ApiError::validation("Messages can't contain duplicate document names."));
            }
        }
        let has_own_document = message.blocks().iter().any(|block| block.document.is_some());
        if has_own_document && !message.blocks().iter().any(|block| block.text.is_some()) {
            return Err(ApiError::validation("A text block must be included when using documents."));
        }
    }
    if documents_count > DOCUMENTS_MAX {
        return Err(ApiError::validation(format!(
            "You can't include more than {DOCUMENTS_MAX} documents in a request."
        )));
    }
    Ok(())
}

/// Only a user shows anything. The text is that of models which do not look at images.
fn check_role(message: &Message) -> Result<(), ApiError> {
    if message.is_of("user") {
        return Ok(());
    }
    let has = |name: &'static str, shown: fn(&ContentBlock) -> bool| message.blocks().iter().any(shown).then_some(name);
    let shown = has("image", |block| block.image.is_some()).or(has("document", |block| block.document.is_some()));
    match shown {
        Some(name) => Err(not_supported(name, message)),
        None => Ok(()),
    }
}

pub fn not_supported(name: &str, message: &Message) -> ApiError {
    let role = message.role.as_deref().unwrap_or_default();
    ApiError::validation(format!(
        "This model doesn't support the {name} field for {role} messages. Remove {name} and try again."
    ))
}

fn images(n: usize, message: &Message) -> Vec<(String, &Media)> {
    let mut images = Vec::new();
    for (m, block) in message.blocks().iter().enumerate() {
        let place = format_args!("messages.{n}.content.{m}");
        images.extend(block.image.as_deref().map(|image| (format!("{place}.image"), image)));
        let parts = block.tool_result.as_ref().map(ToolResultBlock::parts).unwrap_or_default();
        for (index, part) in parts.iter().enumerate() {
            let place = format_args!("{place}.toolResult.content.{index}.image");
            images.extend(part.image.as_deref().map(|image| (place.to_string(), image)));
        }
    }
    images
}

/// Those of tool results as well: their names share one space.
fn documents(message: &Message) -> Vec<&Document> {
    let mut documents = Vec::new();
    for block in message.blocks() {
        documents.extend(block.document.as_deref());
        let parts = block.tool_result.as_ref().map(ToolResultBlock::parts).unwrap_or_default();
        documents.extend(parts.iter().filter_map(|part| part.document.as_deref()));
    }
    documents
}

fn check_image(place: &str, image: &Media, is_anthropic: bool) -> Result<(), ApiError> {
    let size = bytes_of(image.source.as_ref());
    if size <= IMAGE_BYTES_MAX {
        return if is_anthropic { check_format(place, image) } else { Ok(()) };
    }
    if is_anthropic {
        let (encoded, max) = (size.div_ceil(3) * 4, 5 * 1024 * 1024);
        return Err(said_by_the_model(format_args!(
            "{place}.source.bytes: image exceeds 5 MB maximum: {encoded} bytes > {max} bytes"
        )));
    }
    // Assumed.
    Err(ApiError::validation(format!(
        "The image at {place} exceeds the maximum size of 3.75 MB. Reduce the size of the image and try again."
    )))
}

/// Anthropic's models look whether an image is what it is said to be. Bytes that look like no image are taken here:
/// a test may have none at hand.
fn check_format(place: &str, image: &Media) -> Result<(), ApiError> {
    const BEGINNINGS: &[(&str, &[u8])] =
        &[("png", b"\x89PNG"), ("jpeg", b"\xff\xd8\xff"), ("gif", b"GIF8"), ("webp", b"RIFF")];
    let bytes = image.source.as_ref().and_then(|source| source.bytes.as_ref());
    let begins = |beginning: &[u8]| bytes.is_some_and(|bytes| bytes.0.starts_with(beginning));
    let seen = BEGINNINGS.iter().find(|(_, beginning)| begins(beginning)).map(|(format, _)| *format);
    let said = image.format.as_deref().unwrap_or_default();
    match seen {
        Some(seen) if seen != said => Err(said_by_the_model(format_args!(
            "{place}.source.bytes: The image was specified using the image/{said} media type, but the image appears to be \
             a image/{seen} image"
        ))),
        _ => Ok(()),
    }
}

fn check_document(document: &Document) -> Result<(), ApiError> {
    if document.name.as_deref().is_some_and(|name| !is_document_name(name)) {
        return Err(ApiError::validation(
            "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, \
             parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. \
             Check that the file name conforms to these restrictions and retry your request.",
        ));
    }
    if bytes_of(document.source.as_ref()) > DOCUMENT_BYTES_MAX {
        // Assumed.
        let name = document.name.as_deref().unwrap_or_default();
        return Err(ApiError::validation(format!(
            "The document {name} exceeds the maximum size of 4.5 MB. Reduce the size of the document and try again."
        )));
    }
    Ok(())
}

/// Underscores are not in AWS's list, and yet they pass; a space other than the plain one is in it, and does not.
fn is_document_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || " -_()[]".contains(letter);
    name.chars().all(allowed) && !name.contains("  ")
}

fn bytes_of(source: Option<&Source>) -> usize {
    source.and_then(|source| source.bytes.as_ref()).map_or(0, |bytes| bytes.0.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_s_name_is_made_of_few_letters() {
        for (name, expected) in [
            ("report", true),
            ("John [1] (final)-2", true),
            ("test_name", true),
            (" a b ", true),
            ("report.pdf", false),
            ("a  b", false),
            ("a\u{3000}b", false),
            ("a\tb", false),
            ("Bericht über", false),
        ] {
            assert_eq!(is_document_name(name), expected, "{name}");
        }
    }
}
