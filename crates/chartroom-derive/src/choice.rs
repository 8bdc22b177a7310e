//! A choice element, `value[x]`: one variant for each type it may have.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DataEnum, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::attributes::{FieldAttributes, TypeAttributes};
use crate::structure::{line, lines};

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let name = &input.ident;
    let Some(element) = TypeAttributes::read(&input.attrs)?.choice else {
        return Err(Error::new_spanned(name, "say #[record(choice = \"value\")]"));
    };
    let mut variants = Vec::new();
    let mut types = Vec::new();
    let mut text = Vec::new();
    for variant in &data.variants {
        let ty = only_type(variant)?;
        let member = format!("{}{}", element.value(), variant.ident);
        text.push(line(&member, &FieldAttributes::read(&variant.attrs)?));
        variants.push(&variant.ident);
        types.push(ty);
    }
    let text = lines(text.into_iter());
    let indexes: Vec<_> = (0..variants.len()).collect();
    let is_structure = |index: &usize| types.get(*index).is_some_and(|ty| boxed(ty).is_some());
    let (structure_indexes, primitive_indexes): (Vec<_>, Vec<_>) =
        indexes.iter().partition(|index| is_structure(index));
    let named =
        |indexes: &[usize]| indexes.iter().filter_map(|index| variants.get(*index).copied()).collect::<Vec<_>>();
    let (structures, primitives) = (named(&structure_indexes), named(&primitive_indexes));
    let conversions = conversions(name, &variants, &types);
    let debug_name = name.to_string();

    Ok(quote! {
        impl crate::facts::Choice for #name {
            const TYPES: fn() -> &'static [crate::facts::TypeChoice] = || {
                static PACKED: crate::facts::PackedChoice =
                    crate::facts::PackedChoice::new(#text, &[#(<#types as crate::facts::Typed>::OF),*]);
                PACKED.choices()
            };
        }

        impl crate::element::Value for #name {
            fn node(&self) -> crate::element::Node<'_> {
                match self { #(Self::#variants(value) => crate::element::Value::node(value),)* }
            }

            fn node_mut(&mut self) -> crate::element::NodeMut<'_> {
                match self { #(Self::#variants(value) => crate::element::Value::node_mut(value),)* }
            }

            fn choice(&self) -> usize {
                match self { #(Self::#variants(_) => #indexes,)* }
            }

            fn from_text(choice: usize, text: &str, shared: &mut crate::json::Interner) -> Result<Self, &'static crate::json::Misfit> {
                match choice {
                    #(#primitive_indexes => crate::element::Value::from_text(0, text, shared).map(Self::#primitives),)*
                    _ => Err(crate::element::NO_PRIMITIVE),
                }
            }

            fn room(slot: &mut Option<Self>, choice: usize) -> crate::element::Room<'_> {
                let known = slot.as_ref().is_some_and(|value| crate::element::Value::choice(value) == choice);
                if !known {
                    match choice {
                        #(#structure_indexes => crate::element::fill(slot, Self::#structures(crate::element::boxed())),)*
                        _ => return None,
                    }
                }
                crate::element::structure(slot.as_mut()?)
            }
        }

        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(concat!(#debug_name, "(..)"))
            }
        }

        #(#conversions)*
    })
}

fn only_type(variant: &Variant) -> Result<&Type> {
    let fields = if let Fields::Unnamed(fields) = &variant.fields { Some(&fields.unnamed) } else { None };
    match fields.filter(|fields| fields.len() == 1).and_then(|fields| fields.first()) {
        Some(field) => Ok(&field.ty),
        None => Err(Error::new_spanned(variant, "a variant holds just the value of its type")),
    }
}

/// `From` for each type that only one variant holds.
fn conversions(name: &Ident, variants: &[&Ident], types: &[&Type]) -> Vec<TokenStream> {
    let written: Vec<_> = types.iter().map(|ty| ty.to_token_stream().to_string()).collect();
    let unique = |text: &String| written.iter().filter(|other| *other == text).count() == 1;
    let conversions = variants.iter().zip(types).zip(&written).filter(|(_, text)| unique(text));
    conversions
        .map(|((variant, ty), _)| match boxed(ty) {
            Some(inner) => quote! {
                impl From<#inner> for #name {
                    fn from(value: #inner) -> Self {
                        Self::#variant(Box::new(value))
                    }
                }
            },
            None => quote! {
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#variant(value)
                    }
                }
            },
        })
        .collect()
}

/// The type inside a `Box`.
fn boxed(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == "Box")?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
