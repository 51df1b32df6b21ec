//! Values to bytes and back: the format of a program in a compiled bundle.
//!
//! Whole numbers are LEB128 varints, floats four and doubles eight little-endian bytes, lists and texts a count and
//! what they hold; a structure is its members in order, a choice its tag and its members. The order stands beside
//! each type, in a `binary!` of its own.
//!
//! Why not a serialisation crate: the derived code of serde with postcard, and of nanoserde, was a quarter of the
//! runtime, since every read can fail. Here a read that fails gives zero and is remembered, and the reader is
//! asked once, at the end.

mod reader;

pub use reader::Reader;

/// What can be written and read.
pub trait Binary: Sized {
    /// Appends the value.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads a value; anything when there is none, which the reader remembers.
    fn read(input: &mut Reader<'_>) -> Self;

    /// Reads a list of `count` values. Types that lie in the file as they do in memory copy them as a whole.
    fn read_list(input: &mut Reader<'_>, count: usize) -> Vec<Self> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(Self::read(input));
        }
        values
    }
}

/// A value as bytes.
#[must_use]
pub fn to_bytes(value: &impl Binary) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

/// The value that the bytes hold; none when they hold less, more or something else.
#[must_use]
pub fn from_bytes<T: Binary>(bytes: &[u8]) -> Option<T> {
    let mut input = Reader::new(bytes);
    let value = T::read(&mut input);
    input.is_complete().then_some(value)
}

/// Appends so many bytes of a number, the lowest first. A slice of so few takes engines longer to copy.
pub(crate) fn write_low_bytes(number: u32, bytes: u32, out: &mut Vec<u8>) {
    let mut rest = number;
    for _ in 0..bytes {
        out.push(rest.to_le_bytes()[0]);
        rest >>= 8;
    }
}

impl Binary for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        out.push(rest.to_le_bytes()[0]);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        input.varint()
    }
}

impl Binary for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        let [a, b, c, d, e, f, g, h] = self.to_le_bytes();
        u32::from_le_bytes([a, b, c, d]).write(out);
        u32::from_le_bytes([e, f, g, h]).write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        let (low, high) = (input.varint(), input.varint());
        Self::from(low) | Self::from(high).wrapping_shl(32)
    }
}

impl Binary for u16 {
    fn write(&self, out: &mut Vec<u8>) {
        u32::from(*self).write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        let [low, high, 0, 0] = input.varint().to_le_bytes() else {
            input.fail();
            return 0;
        };
        Self::from_le_bytes([low, high])
    }
}

impl Binary for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        input.byte()
    }

    fn read_list(input: &mut Reader<'_>, count: usize) -> Vec<Self> {
        input.elements::<1>(count).as_flattened().to_vec()
    }
}

impl Binary for i8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.cast_unsigned());
    }

    fn read(input: &mut Reader<'_>) -> Self {
        input.byte().cast_signed()
    }

    fn read_list(input: &mut Reader<'_>, count: usize) -> Vec<Self> {
        input.elements(count).iter().map(|[byte]| byte.cast_signed()).collect()
    }
}

impl Binary for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(input: &mut Reader<'_>) -> Self {
        let byte = input.byte();
        if byte > 1 {
            input.fail();
        }
        byte == 1
    }
}

impl Binary for f64 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Self {
        input.double()
    }
}

impl Binary for f32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Self {
        input.elements(1).first().map_or(0.0, |bytes| Self::from_le_bytes(*bytes))
    }

    fn read_list(input: &mut Reader<'_>, count: usize) -> Vec<Self> {
        input.elements(count).iter().map(|bytes| Self::from_le_bytes(*bytes)).collect()
    }
}

impl<T: Binary> Binary for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        self.iter().for_each(|value| value.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Self {
        bool::read(input).then(|| T::read(input))
    }
}

impl<T: Binary> Binary for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        T::write(self, out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        Self::new(T::read(input))
    }
}

impl<T: Binary> Binary for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        u32::try_from(self.len()).unwrap_or(u32::MAX).write(out);
        self.iter().for_each(|value| value.write(out));
    }

    #[inline(never)]
    fn read(input: &mut Reader<'_>) -> Self {
        let count = input.count();
        T::read_list(input, count)
    }
}

impl Binary for String {
    fn write(&self, out: &mut Vec<u8>) {
        u32::try_from(self.len()).unwrap_or(u32::MAX).write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Self {
        Self::from_utf8(Vec::read(input)).unwrap_or_else(|_| {
            input.fail();
            Self::new()
        })
    }
}

impl<A: Binary, B: Binary> Binary for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        (A::read(input), B::read(input))
    }
}

impl Binary for [f64; 3] {
    fn write(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|number| number.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Self {
        [(); 3].map(|()| input.double())
    }
}

/// The members of a structure in order, or the cases of a choice with their tags. A tag that is none reads as
/// what stands behind `else`.
macro_rules! binary {
    (struct $name:ident { $($member:tt),* $(,)? }) => {
        impl $crate::binary::Binary for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $($crate::binary::Binary::write(&self.$member, out);)*
            }

            fn read(input: &mut $crate::binary::Reader<'_>) -> Self {
                Self { $($member: $crate::binary::Binary::read(input)),* }
            }
        }
    };
    (enum $name:ident else $other:expr; $($tag:literal = $case:ident $(($($item:ident),*))? $({ $($member:ident),* })?,)*) => {
        impl $crate::binary::Binary for $name {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$case $(($($item),*))? $({ $($member),* })? => {
                        out.push($tag);
                        $($($crate::binary::Binary::write($item, out);)*)?
                        $($($crate::binary::Binary::write($member, out);)*)?
                    })*
                }
            }

            #[inline(never)]
            fn read(input: &mut $crate::binary::Reader<'_>) -> Self {
                match <u8 as $crate::binary::Binary>::read(input) {
                    $($tag => {
                        $($(let $item = $crate::binary::Binary::read(input);)*)?
                        Self::$case $(($($item),*))? $({ $($member: $crate::binary::Binary::read(input)),* })?
                    })*
                    _ => {
                        input.fail();
                        $other
                    }
                }
            }
        }
    };
}

pub(crate) use binary;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX] {
            assert_eq!(from_bytes::<u32>(&to_bytes(&number)), Some(number));
        }
        assert_eq!(to_bytes(&300u32), [0xAC, 0x02], "LEB128's own example");
        for number in [0.0, -0.0, 0.1, f64::INFINITY] {
            assert_eq!(from_bytes::<f64>(&to_bytes(&number)).map(f64::to_bits), Some(number.to_bits()));
        }
    }

    #[test]
    fn lists_of_numbers_lie_side_by_side() {
        assert_eq!(to_bytes(&vec![1.0f32, -2.5]), [2, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0], "IEEE 754, low byte first");
        assert_eq!(from_bytes(&to_bytes(&vec![1.0f32, -2.5])), Some(vec![1.0f32, -2.5]));
        assert_eq!(to_bytes(&vec![1i8, -1, -128]), [3, 1, 0xFF, 0x80]);
        assert_eq!(from_bytes(&to_bytes(&vec![1i8, -1, -128])), Some(vec![1i8, -1, -128]));
        assert_eq!(from_bytes::<Vec<f32>>(&[1, 0, 0, 0x80]), None);
        assert_eq!(from_bytes::<Vec<i8>>(&[2, 1]), None);
        assert_eq!(from_bytes::<(Vec<f32>, u8)>(&[1, 0, 0, 0x80, 0x3F, 7]), Some((vec![1.0], 7)));
    }

    #[test]
    fn what_is_not_there_is_refused() {
        assert_eq!(from_bytes::<u32>(&[]), None);
        assert_eq!(from_bytes::<u32>(&[0x80]), None);
        assert_eq!(from_bytes::<u32>(&[1, 2]), None, "something is left");
        assert_eq!(from_bytes::<u16>(&to_bytes(&65_536u32)), None);
        assert_eq!(from_bytes::<bool>(&[2]), None);
        assert_eq!(from_bytes::<Vec<u8>>(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), None, "a count without its elements");
        assert_eq!(from_bytes::<String>(&[1, 0xFF]), None);
    }
}
