/**
 * Sign-in and sign-out: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 9001 high, 9002 high. [F]
 */
import { optional, section, text, time } from '../fields.ts'

/** 9001 签到: what is sent, `input`. Every field as the text of the interface names it. */
export const input9001 = section({
  signIn: section({
    opter_no: text(20, '操作员编号'),
    mac: optional(text(20, '签到MAC地址')),
    ip: text(20, '签到IP地址'),
  }),
})

/** 9001 签到: what is answered, `output`. Every field as the text of the interface names it. */
export const output9001 = section({
  signinoutb: section({
    sign_time: optional(time('签到时间')),
    sign_no: optional(text(30, '签到编号')),
  }),
})

/** 9002 签退: what is sent, `input`. Every field as the text of the interface names it. */
export const input9002 = section({
  signOut: section({
    // The text has 20 here and 30 in the answer of 9001: what a platform gave must be taken. [A]
    sign_no: text(30, '签到编号'),
    opter_no: text(20, '操作员编号'),
  }),
})

/** 9002 签退: what is answered, `output`. Every field as the text of the interface names it. */
export const output9002 = section({
  signoutoutb: section({
    sign_time: optional(time('签退时间')),
  }),
})
