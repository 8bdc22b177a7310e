//! Closed codes of Bundle.

use crate::primitive::code_set;

code_set! {
    /// Indicates the purpose of a bundle - how it is intended to be used.
    BundleType: "http://hl7.org/fhir/ValueSet/bundle-type" {
        /// Document.
        Document = "document" in "http://hl7.org/fhir/bundle-type",
        /// Message.
        Message = "message" in "http://hl7.org/fhir/bundle-type",
        /// Transaction.
        Transaction = "transaction" in "http://hl7.org/fhir/bundle-type",
        /// Transaction Response.
        TransactionResponse = "transaction-response" in "http://hl7.org/fhir/bundle-type",
        /// Batch.
        Batch = "batch" in "http://hl7.org/fhir/bundle-type",
        /// Batch Response.
        BatchResponse = "batch-response" in "http://hl7.org/fhir/bundle-type",
        /// History List.
        History = "history" in "http://hl7.org/fhir/bundle-type",
        /// Search Results.
        SearchSet = "searchset" in "http://hl7.org/fhir/bundle-type",
        /// Collection.
        Collection = "collection" in "http://hl7.org/fhir/bundle-type",
    }
}

code_set! {
    /// The HTTP verbs.
    HttpVerb: "http://hl7.org/fhir/ValueSet/http-verb" {
        /// GET.
        Get = "GET" in "http://hl7.org/fhir/http-verb",
        /// HEAD.
        Head = "HEAD" in "http://hl7.org/fhir/http-verb",
        /// POST.
        Post = "POST" in "http://hl7.org/fhir/http-verb",
        /// PUT.
        Put = "PUT" in "http://hl7.org/fhir/http-verb",
        /// DELETE.
        Delete = "DELETE" in "http://hl7.org/fhir/http-verb",
        /// PATCH.
        Patch = "PATCH" in "http://hl7.org/fhir/http-verb",
    }
}

code_set! {
    /// Why an entry is in the result set - whether it's included as a match or because of an _include requirement, or
    /// to convey information or warning information about the search process.
    SearchEntryMode: "http://hl7.org/fhir/ValueSet/search-entry-mode" {
        /// Match.
        Match = "match" in "http://hl7.org/fhir/search-entry-mode",
        /// Include.
        Include = "include" in "http://hl7.org/fhir/search-entry-mode",
        /// Outcome.
        Outcome = "outcome" in "http://hl7.org/fhir/search-entry-mode",
    }
}
