//! What is known about an element is known in one place: nobody else adds an element, which would be one without a class.

use chartroom_record::Element;

struct Mine;

// E0046 is for the methods left out here; E0277 for the trait above `Element`, which nobody outside can implement.
impl Element for Mine {} //~ E0046 E0277

fn main() {}
