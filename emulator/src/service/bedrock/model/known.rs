//! The entries of the catalogue: text and embedding models, by provider.

use super::catalogue::{Model, UNKNOWN};

const TEXT_AND_IMAGE: &[&str] = &["TEXT", "IMAGE"];
const TEXT_IMAGE_AND_VIDEO: &[&str] = &["TEXT", "IMAGE", "VIDEO"];
const ALMOST_EVERYWHERE: &[&str] = &["us", "eu", "jp", "au", "global"];

const fn claude(id: &'static str, name: &'static str) -> Model {
    Model::text("Anthropic", id, name).reads(TEXT_AND_IMAGE)
}

/// Claude models that cannot be told both temperature and topP: Opus 4.1 and all after it.
const fn newer_claude(id: &'static str, name: &'static str) -> Model {
    claude(id, name).one_of_temperature_and_top_p().by_profile_only(ALMOST_EVERYWHERE)
}

const fn amazon(id: &'static str, name: &'static str) -> Model {
    Model::text("Amazon", id, name)
}

const fn llama(id: &'static str, name: &'static str) -> Model {
    Model::text("Meta", id, name)
}

const fn mistral(id: &'static str, name: &'static str) -> Model {
    Model::text("Mistral AI", id, name)
}

const fn cohere(id: &'static str, name: &'static str) -> Model {
    Model::text("Cohere", id, name)
}

const fn qwen(id: &'static str, name: &'static str) -> Model {
    Model::text("Qwen", id, name)
}

pub const MODELS: &[Model] = &[
    Model::text("AI21 Labs", "ai21.jamba-1-5-large-v1:0", "Jamba 1.5 Large").limits(256_000, 4_096),
    Model::text("AI21 Labs", "ai21.jamba-1-5-mini-v1:0", "Jamba 1.5 Mini").limits(256_000, 4_096),
    amazon("amazon.nova-2-lite-v1:0", "Nova 2 Lite")
        .reads(TEXT_IMAGE_AND_VIDEO)
        .by_profile_only(&["us", "eu", "jp", "global"])
        .limits(1_000_000, 65_535),
    amazon("amazon.nova-lite-v1:0", "Nova Lite")
        .reads(TEXT_IMAGE_AND_VIDEO)
        .in_areas(&["us", "eu", "apac", "ca"])
        .limits(300_000, 10_000),
    amazon("amazon.nova-micro-v1:0", "Nova Micro").in_areas(&["us", "eu", "apac"]).limits(128_000, 10_000),
    amazon("amazon.nova-premier-v1:0", "Nova Premier")
        .reads(TEXT_IMAGE_AND_VIDEO)
        .by_profile_only(&["us"])
        .limits(1_000_000, 32_000),
    amazon("amazon.nova-pro-v1:0", "Nova Pro")
        .reads(TEXT_IMAGE_AND_VIDEO)
        .in_areas(&["us", "eu", "apac"])
        .limits(300_000, 10_000),
    Model::embedding("Amazon", "amazon.nova-2-multimodal-embeddings-v1:0", "Nova Multimodal Embeddings")
        .reads(&["TEXT", "IMAGE", "VIDEO", "SPEECH"])
        .limits(8_172, UNKNOWN),
    Model::embedding("Amazon", "amazon.titan-embed-g1-text-02", "Titan Text Embeddings v2").limits(8_192, UNKNOWN),
    Model::embedding("Amazon", "amazon.titan-embed-image-v1", "Titan Multimodal Embeddings G1").reads(TEXT_AND_IMAGE),
    Model::embedding("Amazon", "amazon.titan-embed-text-v1", "Titan Embeddings G1 - Text").limits(8_192, UNKNOWN),
    Model::embedding("Amazon", "amazon.titan-embed-text-v2:0", "Titan Text Embeddings V2").limits(8_192, UNKNOWN),
    amazon("amazon.titan-text-express-v1", "Titan Text G1 - Express").limits(8_192, 8_192).legacy(),
    amazon("amazon.titan-text-lite-v1", "Titan Text G1 - Lite").limits(4_096, 4_096).legacy(),
    amazon("amazon.titan-text-premier-v1:0", "Titan Text G1 - Premier").limits(32_000, 3_072).legacy(),
    amazon("amazon.titan-tg1-large", "Titan Text Large").limits(8_192, 8_192),
    claude("anthropic.claude-3-haiku-20240307-v1:0", "Claude 3 Haiku")
        .in_areas(&["us", "eu", "apac"])
        .limits(200_000, 4_096),
    claude("anthropic.claude-3-sonnet-20240229-v1:0", "Claude 3 Sonnet")
        .in_areas(&["us", "eu", "apac"])
        .limits(200_000, 4_096)
        .legacy(),
    claude("anthropic.claude-3-5-haiku-20241022-v1:0", "Claude 3.5 Haiku")
        .in_areas(&["us"])
        .limits(200_000, 8_192)
        .legacy(),
    claude("anthropic.claude-3-5-sonnet-20240620-v1:0", "Claude 3.5 Sonnet")
        .in_areas(&["us", "eu", "apac"])
        .limits(200_000, 8_192)
        .legacy(),
    claude("anthropic.claude-3-5-sonnet-20241022-v2:0", "Claude 3.5 Sonnet v2")
        .in_areas(&["us", "apac"])
        .limits(200_000, 8_192)
        .legacy(),
    claude("anthropic.claude-3-7-sonnet-20250219-v1:0", "Claude 3.7 Sonnet")
        .by_profile_only(&["us", "eu", "apac"])
        .limits(200_000, 131_072)
        .legacy(),
    claude("anthropic.claude-opus-4-20250514-v1:0", "Claude Opus 4")
        .by_profile_only(&["us"])
        .limits(200_000, 32_000)
        .legacy(),
    claude("anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4")
        .by_profile_only(&["us", "eu", "apac", "global"])
        .limits(200_000, 64_000)
        .legacy(),
    newer_claude("anthropic.claude-opus-4-1-20250805-v1:0", "Claude Opus 4.1")
        .by_profile_only(&["us"])
        .limits(200_000, 32_000),
    newer_claude("anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5").limits(200_000, 64_000),
    newer_claude("anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5").limits(200_000, 64_000),
    newer_claude("anthropic.claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5")
        .by_profile_only(&["us", "eu", "global"])
        .limits(200_000, 64_000),
    newer_claude("anthropic.claude-opus-4-6-v1", "Claude Opus 4.6")
        .by_profile_only(&["us", "eu", "jp", "au", "apac", "global"])
        .limits(1_000_000, 128_000)
        .without_prefill(),
    newer_claude("anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6").limits(1_000_000, 128_000).without_prefill(),
    newer_claude("anthropic.claude-opus-4-7", "Claude Opus 4.7").without_prefill(),
    newer_claude("anthropic.claude-opus-4-8", "Claude Opus 4.8").without_prefill(),
    newer_claude("anthropic.claude-sonnet-5", "Claude Sonnet 5").without_prefill(),
    newer_claude("anthropic.claude-sonnet-5-5", "Claude Sonnet 5.5").without_prefill(),
    cohere("cohere.command-r-plus-v1:0", "Command R+").limits(128_000, 4_096),
    cohere("cohere.command-r-v1:0", "Command R").limits(128_000, 4_096),
    Model::embedding("Cohere", "cohere.embed-english-v3", "Embed English").reads(TEXT_AND_IMAGE),
    Model::embedding("Cohere", "cohere.embed-multilingual-v3", "Embed Multilingual").reads(TEXT_AND_IMAGE),
    Model::embedding("Cohere", "cohere.embed-v4:0", "Embed v4")
        .reads(TEXT_AND_IMAGE)
        .in_areas(&["us", "eu", "global"])
        .limits(128_000, UNKNOWN),
    Model::text("DeepSeek", "deepseek.r1-v1:0", "DeepSeek-R1").by_profile_only(&["us"]).limits(128_000, 32_768),
    Model::text("DeepSeek", "deepseek.v3-v1:0", "DeepSeek-V3.1"),
    Model::text("DeepSeek", "deepseek.v3.2", "DeepSeek V3.2"),
    Model::text("Google", "google.gemma-3-12b-it", "Gemma 3 12B IT").reads(TEXT_AND_IMAGE),
    Model::text("Google", "google.gemma-3-27b-it", "Gemma 3 27B PT").reads(TEXT_AND_IMAGE),
    Model::text("Google", "google.gemma-3-4b-it", "Gemma 3 4B IT").reads(TEXT_AND_IMAGE),
    llama("meta.llama3-70b-instruct-v1:0", "Llama 3 70B Instruct").limits(8_192, 2_048),
    llama("meta.llama3-8b-instruct-v1:0", "Llama 3 8B Instruct").limits(8_192, 2_048),
    llama("meta.llama3-1-405b-instruct-v1:0", "Llama 3.1 405B Instruct").in_areas(&["us"]).limits(128_000, 8_192),
    llama("meta.llama3-1-70b-instruct-v1:0", "Llama 3.1 70B Instruct").in_areas(&["us"]).limits(128_000, 8_192),
    llama("meta.llama3-1-8b-instruct-v1:0", "Llama 3.1 8B Instruct").in_areas(&["us"]).limits(128_000, 8_192),
    llama("meta.llama3-2-11b-instruct-v1:0", "Llama 3.2 11B Instruct")
        .reads(TEXT_AND_IMAGE)
        .by_profile_only(&["us"])
        .limits(128_000, 8_192),
    llama("meta.llama3-2-1b-instruct-v1:0", "Llama 3.2 1B Instruct")
        .by_profile_only(&["us", "eu"])
        .limits(128_000, 8_192),
    llama("meta.llama3-2-3b-instruct-v1:0", "Llama 3.2 3B Instruct")
        .by_profile_only(&["us", "eu"])
        .limits(128_000, 8_192),
    llama("meta.llama3-2-90b-instruct-v1:0", "Llama 3.2 90B Instruct")
        .reads(TEXT_AND_IMAGE)
        .by_profile_only(&["us"])
        .limits(128_000, 8_192),
    llama("meta.llama3-3-70b-instruct-v1:0", "Llama 3.3 70B Instruct").in_areas(&["us"]).limits(128_000, 8_192),
    llama("meta.llama4-maverick-17b-instruct-v1:0", "Llama 4 Maverick 17B Instruct")
        .reads(TEXT_AND_IMAGE)
        .by_profile_only(&["us"])
        .limits(1_000_000, 8_192),
    llama("meta.llama4-scout-17b-instruct-v1:0", "Llama 4 Scout 17B Instruct")
        .reads(TEXT_AND_IMAGE)
        .by_profile_only(&["us"])
        .limits(3_500_000, 8_192),
    Model::text("MiniMax", "minimax.minimax-m2", "MiniMax M2"),
    mistral("mistral.magistral-small-2509", "Magistral Small 2509").reads(TEXT_AND_IMAGE),
    mistral("mistral.ministral-3-14b-instruct", "Ministral 14B 3.0").reads(TEXT_AND_IMAGE),
    mistral("mistral.ministral-3-3b-instruct", "Ministral 3B").reads(TEXT_AND_IMAGE),
    mistral("mistral.ministral-3-8b-instruct", "Ministral 3 8B").reads(TEXT_AND_IMAGE),
    mistral("mistral.mistral-7b-instruct-v0:2", "Mistral 7B Instruct").limits(32_000, 4_096),
    mistral("mistral.mistral-large-2402-v1:0", "Mistral Large (24.02)").limits(32_000, 8_192),
    mistral("mistral.mistral-large-2407-v1:0", "Mistral Large (24.07)").limits(128_000, 8_192),
    mistral("mistral.mistral-large-3-675b-instruct", "Mistral Large 3").reads(TEXT_AND_IMAGE),
    mistral("mistral.mistral-small-2402-v1:0", "Mistral Small (24.02)").limits(32_000, 8_192),
    mistral("mistral.mixtral-8x7b-instruct-v0:1", "Mixtral 8x7B Instruct").limits(32_000, 4_096),
    mistral("mistral.pixtral-large-2502-v1:0", "Pixtral Large (25.02)")
        .reads(TEXT_AND_IMAGE)
        .by_profile_only(&["us", "eu"])
        .limits(128_000, UNKNOWN),
    Model::text("Moonshot AI", "moonshot.kimi-k2-thinking", "Kimi K2 Thinking"),
    Model::text("NVIDIA", "nvidia.nemotron-nano-9b-v2", "NVIDIA Nemotron Nano 9B v2"),
    Model::text("OpenAI", "openai.gpt-oss-120b-1:0", "gpt-oss-120b").limits(128_000, UNKNOWN),
    Model::text("OpenAI", "openai.gpt-oss-20b-1:0", "gpt-oss-20b").limits(128_000, UNKNOWN),
    qwen("qwen.qwen3-235b-a22b-2507-v1:0", "Qwen3 235B A22B 2507"),
    qwen("qwen.qwen3-32b-v1:0", "Qwen3 32B (dense)"),
    qwen("qwen.qwen3-coder-30b-a3b-v1:0", "Qwen3-Coder-30B-A3B-Instruct"),
    qwen("qwen.qwen3-coder-480b-a35b-v1:0", "Qwen3 Coder 480B A35B Instruct"),
    qwen("qwen.qwen3-next-80b-a3b", "Qwen3 Next 80B A3B"),
    qwen("qwen.qwen3-vl-235b-a22b", "Qwen3 VL 235B A22B").reads(TEXT_AND_IMAGE),
    Model::text("Writer", "writer.palmyra-x4-v1:0", "Palmyra X4").by_profile_only(&["us"]).limits(128_000, 8_192),
    Model::text("Writer", "writer.palmyra-x5-v1:0", "Palmyra X5").by_profile_only(&["us"]).limits(1_000_000, 8_192),
    Model::text("Z.AI", "zai.glm-4.6", "GLM 4.6"),
    Model::text("Z.AI", "zai.glm-4.7", "GLM 4.7"),
];
