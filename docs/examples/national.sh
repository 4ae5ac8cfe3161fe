#!/bin/sh
# Sends one message in the national wire: national.sh INFNO INSURED_AREA SERIAL INPUT
# 发送一条国家接口报文：national.sh 交易编号 参保地医保区划 流水号 input
#
# SERIAL, four digits, makes the message id: the same serial sends the same message again.
# 流水号（四位）决定报文ID：流水号不变即为同一报文重发。
# INSTITUTION: another institution of the same place. 同一地区的其他机构。
# INSTITUTION_NAME: its name, where it is not one of the two below. 不是以下两家机构的，须填机构名称。
institution="${INSTITUTION:-H62100290001}"
case "$institution" in
  H62100290001) name=庆阳市第一综合医院（虚构） ;;
  P62100290001) name=庆阳西峰惠民大药房（虚构） ;;
  *) name="${INSTITUTION_NAME:?the name of $institution 请填机构名称}" ;;
esac
curl -s "${ZHIJIE_GATEWAY:-http://127.0.0.1:8080}/hss-call-service-interface" \
  -H 'content-type: application/json' --data-binary @- <<MESSAGE
{
  "infno": "$1", "msgid": "${institution}20250312080000$3",
  "mdtrtarea_admvs": "621002", "insuplc_admdvs": "$2",
  "recer_sys_code": "MBS_LOCAL", "infver": "V1.0", "sign_no": "",
  "opter_type": "1", "opter": "0001", "opter_name": "收费员甲", "inf_time": "$(TZ=CST-8 date '+%F %T')",
  "fixmedins_code": "$institution", "fixmedins_name": "$name",
  "input": $4
}
MESSAGE
echo
