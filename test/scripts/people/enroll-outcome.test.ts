import { describe, expect, it } from 'vitest'
import { describeOutcomes, keepOutcomes } from '../../../scripts/people/enroll-outcome.ts'

const differ = (photo: string) => ({
  photo,
  outcome: 'photos_differ',
  detail: 'not the same person',
})

describe('describeOutcomes', () => {
  it('says of two photos that differ that nobody knows which one is wrong, and what to do', () => {
    const failure = 'photos_differ: photo 1 of 2: not the same person'
    const images = [differ('bob/1.jpg'), differ('bob/2.jpg')]
    expect(describeOutcomes([{ identity: 'bob', photos: 2, failure, images }]).split('\n')).toEqual(
      [
        'enrolled 0 of 1 person (0 photos)',
        `  not enrolled: bob: ${failure}`,
        '    1.jpg: photos_differ: not the same person',
        '    2.jpg: photos_differ: not the same person',
        '    With two photos nobody can say which one is wrong: look at both, and enroll the one that you trust.',
        '  "--allow-different" takes photos of one person that differ that much; look first whether they do show one person.',
      ],
    )
  })

  it('does not advise an option that was given', () => {
    const outcomes = [{ identity: 'bob', photos: 2, failure: 'photos_differ: not the same person' }]
    expect(describeOutcomes(outcomes, { allowDifferent: true }).split('\n')).toEqual([
      'enrolled 0 of 1 person (0 photos)',
      '  not enrolled: bob: photos_differ: not the same person',
    ])
  })

  it('says once which option enrolls people who are enrolled under another identity', () => {
    const failure = 'duplicate_person: The person is enrolled as ada already; ...'
    const outcomes = ['bob', 'eve'].map((identity) => ({ identity, photos: 1, failure }))
    expect(describeOutcomes(outcomes).split('\n').slice(3)).toEqual([
      '  "--allow-duplicate" takes somebody who is enrolled under another identity too.',
    ])
    expect(
      describeOutcomes([{ identity: 'bob', photos: 1, failure: 'no_face: none' }]),
    ).not.toContain('--allow-duplicate')
  })

  it('says what was done when nobody is enrolled by it', () => {
    const outcomes = [
      { identity: 'ada', photos: 2 },
      { identity: 'bob', photos: 1, failure: 'identity_not_found: Nobody is enrolled as bob.' },
    ]
    expect(describeOutcomes(outcomes, { deed: 'encoded anew' }).split('\n')).toEqual([
      'encoded anew 1 of 2 people (2 photos)',
      '  not encoded anew: bob: identity_not_found: Nobody is enrolled as bob.',
    ])
  })

  it('of three, the one that differs is the wrong one', () => {
    const images = [
      differ('1.jpg'),
      { photo: '2.jpg', outcome: 'encoded' },
      { photo: '3.jpg', outcome: 'encoded' },
    ]
    const text = describeOutcomes([
      { identity: 'bob', photos: 3, failure: 'photos_differ', images },
    ])
    expect(text).not.toContain('nobody can say')
  })
})

describe('keepOutcomes', () => {
  it('has nothing to say before anybody is done, then how far it is', () => {
    const { onOutcome, summary } = keepOutcomes({ of: 300 })
    expect(summary()).toBeUndefined()
    onOutcome({ identity: 'ada', photos: 2 })
    expect(summary()).toBe('enrolled 1 of 300 people (2 photos)')
  })
})
