//! A structure: its facts, and the way to each of its fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DataStruct, DeriveInput, Error, Field, Fields, Ident, Result, Type};

use crate::attributes::{FieldAttributes, TypeAttributes};

pub(crate) fn expand(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream> {
    let name = &input.ident;
    let attributes = TypeAttributes::read(&input.attrs)?;
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(name, "a record has named fields"));
    };
    let elements = fields.named.iter().filter(|field| field.ident.as_ref().is_some_and(|ident| ident != "extra"));
    let elements = elements.map(ElementField::read).collect::<Result<Vec<_>>>()?;

    let facts = elements.iter().map(ElementField::facts);
    let text = lines(elements.iter().map(ElementField::line));
    let (kind, fhir_name) = kind_and_name(name, &attributes)?;
    let idents: Vec<_> = elements.iter().map(|element| &element.ident).collect();
    let indexes: Vec<_> = (0..elements.len()).collect();
    let debug_name = name.to_string();
    let conversions = attributes.resource.then(|| resource_conversions(name));

    Ok(quote! {
        impl crate::facts::Typed for #name {
            const OF: crate::facts::TypeOf = crate::facts::TypeOf::Structure(Self::packed);
        }

        impl #name {
            /// What is known about the type and its elements.
            pub fn facts() -> &'static crate::facts::TypeFacts {
                Self::packed().facts()
            }

            fn packed() -> &'static crate::facts::PackedType {
                static PACKED: crate::facts::PackedType = crate::facts::PackedType::new(
                    #fhir_name, crate::facts::TypeKind::#kind, #text, &[#(#facts),*],
                );
                &PACKED
            }
        }

        impl crate::element::Element for #name {
            fn facts(&self) -> &'static crate::facts::TypeFacts {
                Self::facts()
            }

            fn extra(&self) -> &crate::extra::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut crate::extra::Extra {
                &mut self.extra
            }

            fn member(&self, index: usize) -> crate::element::Member<'_> {
                match index {
                    #(#indexes => crate::element::Field::member(&self.#idents),)*
                    _ => crate::element::Member::ABSENT,
                }
            }
        }

        impl crate::element::sealed::Read for #name {
            fn field_mut(&mut self, index: usize) -> Option<&mut dyn crate::element::Field> {
                match index {
                    #(#indexes => Some(crate::element::Field::as_field(&mut self.#idents)),)*
                    _ => None,
                }
            }
        }

        impl crate::element::Value for #name {
            fn node(&self) -> crate::element::Node<'_> {
                crate::element::Node::Element(<Vec<Self> as crate::element::Home>::element(self))
            }

            fn node_mut(&mut self) -> crate::element::NodeMut<'_> {
                crate::element::NodeMut::Element(<Vec<Self> as crate::element::Home>::element_mut(self))
            }

            fn room(slot: &mut Option<Self>, _: usize) -> crate::element::Room<'_> {
                crate::element::structure(slot.get_or_insert_default())
            }

            fn room_behind(list: &mut Vec<Self>) -> crate::element::Room<'_> {
                crate::element::Home::push_empty(list)
            }
        }

        // Written out, and not derived: derived ones are inlined, and so compiled anew in every crate that uses them.
        impl Clone for #name {
            fn clone(&self) -> Self {
                Self { #(#idents: self.#idents.clone(),)* extra: self.extra.clone() }
            }
        }

        impl PartialEq for #name {
            fn eq(&self, other: &Self) -> bool {
                #(self.#idents == other.#idents &&)* self.extra == other.extra
            }
        }

        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                crate::plain::redacted(#debug_name, self, f)
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::bridge::serialize(self, serializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                Self::facts().name.into()
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                crate::schema::of(Self::facts(), generator)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::bridge::deserialize(deserializer)
            }
        }

        #conversions
    })
}

fn kind_and_name(name: &Ident, attributes: &TypeAttributes) -> Result<(Ident, String)> {
    match (attributes.resource, attributes.datatype, &attributes.backbone) {
        (true, false, None) => Ok((format_ident!("Resource"), name.to_string())),
        (false, true, None) => Ok((format_ident!("DataType"), name.to_string())),
        (false, false, Some(path)) => Ok((format_ident!("Backbone"), path.value())),
        _ => Err(Error::new_spanned(
            name,
            "say one of #[record(resource)], #[record(datatype)], #[record(backbone = \"…\")]",
        )),
    }
}

fn resource_conversions(name: &Ident) -> TokenStream {
    quote! {
        impl From<#name> for crate::resource::Resource {
            fn from(resource: #name) -> Self {
                Self::#name(crate::resource::Own::new(resource))
            }
        }

        impl TryFrom<crate::resource::Resource> for #name {
            type Error = crate::resource::Resource;

            /// Gives the resource back when it is of another type.
            fn try_from(resource: crate::resource::Resource) -> Result<Self, crate::resource::Resource> {
                match resource {
                    crate::resource::Resource::#name(resource) => Ok(resource.into_inner()),
                    other => Err(other),
                }
            }
        }
    }
}

/// A field that is an element of the standard.
struct ElementField<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    name: String,
    attributes: FieldAttributes,
}

impl<'a> ElementField<'a> {
    fn read(field: &'a Field) -> Result<Self> {
        let Some(ident) = &field.ident else { return Err(Error::new_spanned(field, "a record has named fields")) };
        let attributes = FieldAttributes::read(&field.attrs)?;
        let name = attributes.name.as_ref().map_or_else(|| camel_case(&ident.to_string()), syn::LitStr::value);
        Ok(Self { ident, ty: &field.ty, name, attributes })
    }

    fn facts(&self) -> TokenStream {
        let Self { ty, attributes, .. } = self;
        let FieldAttributes { min, summary, modifier, .. } = attributes;
        let max = match (attributes.max, self.is_list()) {
            (Some(max), _) => quote!(Some(#max)),
            (None, true) => quote!(None),
            (None, false) => quote!(Some(1)),
        };
        let class = match &attributes.class {
            Some(class) => quote!(Some(crate::class::Class::#class)),
            None => quote!(None),
        };
        let strength = match &attributes.binding {
            None => quote!(None),
            Some((strength, _)) => {
                let strength = format_ident!("{}", capitalized(&strength.to_string()));
                quote!(Some(crate::facts::Strength::#strength))
            }
        };
        let types = if attributes.choice {
            quote!(Choice(<#ty as crate::facts::Choice>::TYPES))
        } else {
            quote!(One(<#ty as crate::facts::Typed>::OF))
        };
        quote! {
            crate::facts::PackedElement {
                min: #min, max: #max, class: #class, strength: #strength, summary: #summary, modifier: #modifier,
                types: crate::facts::ElementTypes::#types,
            }
        }
    }

    /// The words of the element, as `facts::Line` reads them.
    fn line(&self) -> String {
        let binding = self.attributes.binding.as_ref().map(|(_, value_set)| value_set.value());
        let binding = binding.map(|set| format!(" ={}", set.strip_prefix(VALUE_SETS).unwrap_or(&set)));
        line(&self.name, &self.attributes) + &binding.unwrap_or_default()
    }

    fn is_list(&self) -> bool {
        let Type::Path(path) = self.ty else { return false };
        path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
    }
}

/// What `facts::Line` puts before a value set that is no whole address.
const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";

/// The words of one type under one JSON member, as `facts::Line` reads them.
pub(crate) fn line(member: &str, attributes: &FieldAttributes) -> String {
    let profile = attributes.of.iter().map(|profile| format!(" :{}", profile.value()));
    let targets = attributes.targets.iter().map(|target| format!(" >{target}"));
    format!("_{member}") + &profile.chain(targets).collect::<String>()
}

pub(crate) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// `birth_date` is `birthDate`, `type_` is `type`.
fn camel_case(field: &str) -> String {
    let mut words = field.trim_end_matches('_').split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capitalized(word))
}

pub(crate) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
