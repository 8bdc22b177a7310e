//! Reads the `#[record(...)]` attributes.

use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitInt, LitStr, Result, Token, parenthesized};

/// What stands on a type.
#[derive(Default)]
pub(crate) struct TypeAttributes {
    pub(crate) resource: bool,
    pub(crate) datatype: bool,
    pub(crate) backbone: Option<LitStr>,
    pub(crate) choice: Option<LitStr>,
}

impl TypeAttributes {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        each(attributes, |meta| {
            match name_of(&meta)?.as_str() {
                "resource" => read.resource = true,
                "datatype" => read.datatype = true,
                "backbone" => read.backbone = Some(meta.value()?.parse()?),
                "choice" => read.choice = Some(meta.value()?.parse()?),
                _ => return Err(meta.error("expected resource, datatype, backbone or choice")),
            }
            Ok(())
        })?;
        Ok(read)
    }
}

/// What stands on a field, or on a variant of a choice.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) choice: bool,
    pub(crate) name: Option<LitStr>,
    pub(crate) min: u16,
    pub(crate) max: Option<u16>,
    pub(crate) of: Option<LitStr>,
    pub(crate) class: Option<Ident>,
    pub(crate) summary: bool,
    pub(crate) modifier: bool,
    pub(crate) binding: Option<(Ident, LitStr)>,
    pub(crate) targets: Vec<String>,
}

impl FieldAttributes {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        each(attributes, |meta| read.one(&meta))?;
        Ok(read)
    }

    fn one(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match name_of(meta)?.as_str() {
            "choice" => self.choice = true,
            "required" => self.min = 1,
            "summary" => self.summary = true,
            "modifier" => self.modifier = true,
            "name" => self.name = Some(meta.value()?.parse()?),
            "min" => self.min = meta.value()?.parse::<LitInt>()?.base10_parse()?,
            "max" => self.max = Some(meta.value()?.parse::<LitInt>()?.base10_parse()?),
            "of" => self.of = Some(meta.value()?.parse()?),
            "class" => self.class = Some(meta.value()?.parse()?),
            "binding" => {
                let inside;
                parenthesized!(inside in meta.input);
                let strength = inside.parse()?;
                inside.parse::<Token![,]>()?;
                self.binding = Some((strength, inside.parse()?));
            }
            "targets" => {
                let inside;
                parenthesized!(inside in meta.input);
                let targets = Punctuated::<Ident, Token![,]>::parse_terminated(&inside)?;
                self.targets = targets.iter().map(Ident::to_string).collect();
            }
            _ => return Err(meta.error("no such fact of an element")),
        }
        Ok(())
    }
}

fn each(attributes: &[Attribute], mut read: impl FnMut(ParseNestedMeta<'_>) -> Result<()>) -> Result<()> {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("record")) {
        attribute.parse_nested_meta(&mut read)?;
    }
    Ok(())
}

fn name_of(meta: &ParseNestedMeta<'_>) -> Result<String> {
    Ok(meta.path.require_ident()?.to_string())
}
