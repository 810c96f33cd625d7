//! The standard normal distribution: probabilities, their inverse, and fast draws from it.

use crate::plan::random::Random;

/// The probability of a value up to `x`: West, "Better approximations to cumulative normal
/// functions" (2005), after Hart; good to about 15 digits.
pub(super) fn probability(x: f64) -> f64 {
    const ABOVE: [f64; 7] = [
        3.526_249_659_989_11e-2,
        0.700_383_064_443_688,
        6.373_962_203_531_65,
        33.912_866_078_383,
        112.079_291_497_871,
        221.213_596_169_931,
        220.206_867_912_376,
    ];
    const BELOW: [f64; 8] = [
        8.838_834_764_831_84e-2,
        1.755_667_163_182_64,
        16.064_177_579_207,
        86.780_732_202_946_1,
        296.564_248_779_674,
        637.333_633_378_831,
        793.826_512_519_948,
        440.413_735_824_752,
    ];
    let distance = x.abs();
    let tail = if distance > 37.0 {
        0.0
    } else if distance < 7.071_067_811_865_47 {
        (-distance * distance / 2.0).exp() * horner(&ABOVE, distance) / horner(&BELOW, distance)
    } else {
        let fraction = (1..=4).rev().fold(distance + 0.65, |below, step| distance + f64::from(step) / below);
        (-distance * distance / 2.0).exp() / fraction / 2.506_628_274_631
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The density at `x`.
pub(super) fn density(x: f64) -> f64 {
    (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// The value below which a share of the distribution lies: Wichura, algorithm AS 241 (1988), good
/// to about 16 digits. The share is kept within (0, 1).
pub(super) fn score(share: f64) -> f64 {
    let share = share.clamp(1e-300, 1.0 - f64::EPSILON / 2.0);
    let from_middle = share - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * horner(&MIDDLE.0, r) / horner(&MIDDLE.1, r);
    }
    let r = (-share.min(1.0 - share).ln()).sqrt();
    let (table, r) = if r <= 5.0 { (&TAIL, r - 1.6) } else { (&FAR, r - 5.0) };
    let value = horner(&table.0, r) / horner(&table.1, r);
    if from_middle < 0.0 { -value } else { value }
}

/// A polynomial from its coefficients, highest power first.
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

type Fraction = ([f64; 8], [f64; 8]);

const MIDDLE: Fraction = (
    [
        2_509.080_928_730_122_7,
        33_430.575_583_588_13,
        67_265.770_927_008_7,
        45_921.953_931_549_87,
        13_731.693_765_509_46,
        1_971.590_950_306_551_4,
        133.141_667_891_784_38,
        3.387_132_872_796_366_5,
    ],
    [
        5_226.495_278_852_854,
        28_729.085_735_721_943,
        39_307.895_800_092_71,
        21_213.794_301_586_597,
        5_394.196_021_424_751,
        687.187_007_492_057_9,
        42.313_330_701_600_91,
        1.0,
    ],
);

const TAIL: Fraction = (
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
);

const FAR: Fraction = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
);

/// How many stretches of equal probability the table of draws has.
const STRETCHES: usize = 4_096;

/// Draws by table: the inverse is written down at 4,096 shares and taken to be straight between
/// them. Beyond the outermost stretches draws end at ±4.5, which one draw in 150,000 would pass.
pub(super) struct Draws {
    table: Vec<f32>,
}

impl Draws {
    pub fn new() -> Self {
        const STEEPEST: f32 = 4.5;
        let table = (0..=STRETCHES).map(|at| match at {
            0 => -STEEPEST,
            STRETCHES => STEEPEST,
            _ => score(at as f64 / STRETCHES as f64) as f32,
        });
        Self { table: table.collect() }
    }

    /// Two draws from 64 random bits: of each half, 12 bits choose the stretch, 20 the place in it.
    pub fn pair(&self, random: &mut Random) -> [f32; 2] {
        let bits = random.bits();
        [self.draw((bits >> 32) as u32), self.draw(bits as u32)]
    }

    fn draw(&self, bits: u32) -> f32 {
        const SHARE: f32 = 1.0 / (1 << 20) as f32;
        let stretch = (bits >> 20) as usize;
        let along = (bits & 0x000f_ffff) as f32 * SHARE;
        let (low, high) = (self.table[stretch], self.table[stretch + 1]);
        low + along * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Python's `statistics.NormalDist`.
    #[test]
    fn probabilities_and_scores_agree_with_another_library() {
        for (x, expected) in [
            (-8.0, 6.106226635438361e-16),
            (-4.0, 3.167124183311998e-05),
            (-1.2815515655446004, 0.10000000000000003),
            (-0.5, 0.3085375387259869),
            (0.0, 0.5),
            (0.1, 0.539827837277029),
            (1.0, 0.8413447460685429),
            (2.5, 0.9937903346742238),
            (5.0, 0.9999997133484282),
        ] {
            assert!((probability(x) - expected).abs() < 1e-14, "{x}: {}", probability(x));
        }
        for (share, expected) in [
            (1e-12, -7.034483825301132),
            (1e-05, -4.2648907939228256),
            (0.01, -2.3263478740408408),
            (0.2, -0.8416212335729142),
            (0.5, 0.0),
            (0.8, 0.8416212335729144),
            (0.9, 1.2815515655446008),
            (0.999, 3.090232306167813),
            (0.999999, 4.753424308817089),
        ] {
            let found = score(share);
            assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{share}: {found}");
        }
    }

    #[test]
    fn draws_have_the_moments_of_the_normal_distribution() {
        let (draws, mut random) = (Draws::new(), Random::seeded(1));
        let (mut sum, mut squares, mut fourths, mut below) = (0.0, 0.0, 0.0, 0);
        const PAIRS: u32 = 200_000;
        for _ in 0..PAIRS {
            for draw in draws.pair(&mut random).map(f64::from) {
                sum += draw;
                squares += draw * draw;
                fourths += draw.powi(4);
                below += u32::from(draw < -1.281_551_565_544_6);
            }
        }
        let count = f64::from(2 * PAIRS);
        assert!((sum / count).abs() < 0.006, "{}", sum / count);
        assert!((squares / count - 1.0).abs() < 0.01, "{}", squares / count);
        assert!((fourths / count - 3.0).abs() < 0.08, "{}", fourths / count);
        assert!((f64::from(below) / count - 0.1).abs() < 0.002, "{below}");
    }
}
