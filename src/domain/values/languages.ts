/**
 * Languages with a code of two letters (ISO 639): that code, their codes of three letters, and names in English and in the
 * language itself. A table of our own: `Intl` has another one in every version of Node.
 */
export const LANGUAGES = `
  aa aar: Afar, Afaraf
  ab abk: Abkhazian, Abkhaz, Аҧсуа
  ae ave: Avestan, avesta
  af afr: Afrikaans
  ak aka: Akan
  am amh: Amharic, አማርኛ
  an arg: Aragonese, Aragonés
  ar ara: Arabic, العربية
  as asm: Assamese, অসমীয়া
  av ava: Avaric, Авар
  ay aym: Aymara, Aymar
  az aze: Azerbaijani, azərbaycan, Azərbaycanca
  ba bak: Bashkir, башҡорт, Башҡортса
  be bel: Belarusian, беларуская
  bg bul: Bulgarian, български
  bh bih: Bihari
  bi bis: Bislama
  bm bam: Bambara, bamanakan, Bamanankan
  bn ben: Bangla, Bengali, বাংলা
  bo bod tib: Tibetan, Tibetan Standard, བོད་སྐད་, བོད་ཡིག
  br bre: Breton, brezhoneg
  bs bos: Bosnian, bosanski
  ca cat: Catalan, català
  ce che: Chechen, нохчийн
  ch cha: Chamorro, Chamoru
  co cos: Corsican, Corsu
  cr cre: Cree, ᓀᐦᐃᔭᐍᐏᐣ
  cs ces cze: Czech, čeština, česky
  cu chu: Church Slavic, Old Church Slavonic, Словѣ́ньскъ
  cv chv: Chuvash, чӑваш чӗлхи, Чӑвашла
  cy cym wel: Welsh, Cymraeg
  da dan: Danish, dansk
  de deu ger: German, Deutsch
  dv div: Divehi
  dz dzo: Dzongkha, རྫོང་ཁ
  ee ewe: Ewe, eʋegbe
  el ell gre: Greek, Ελληνικά
  en eng: English
  eo epo: Esperanto
  es spa: Spanish, español, castellano
  et est: Estonian, eesti
  eu eus baq: Basque, euskara
  fa fas per: Persian, Farsi, فارسی
  ff ful: Fula, Pulaar, Fulfulde
  fi fin: Finnish, suomi
  fj fij: Fijian, Na Vosa Vaka-Viti
  fo fao: Faroese, føroyskt
  fr fra fre: French, français
  fy fry: Western Frisian, Frisian, Frysk
  ga gle: Irish, Gaeilge
  gd gla: Scottish Gaelic, Gaelic, Gàidhlig
  gl glg: Galician, galego
  gn grn: Guarani, Avañe'ẽ
  gu guj: Gujarati, ગુજરાતી
  gv glv: Manx, Gaelg
  ha hau: Hausa, هَوُسَ
  he heb: Hebrew, עברית
  hi hin: Hindi, हिन्दी
  ho hmo: Hiri Motu
  hr hrv: Croatian, hrvatski
  ht hat: Haitian Creole, Haitian, Kreyòl Ayisyen
  hu hun: Hungarian, magyar
  hy hye arm: Armenian, հայերեն
  hz her: Herero, Otjiherero
  ia ina: Interlingua
  id ind: Indonesian, Indonesia, Bahasa Indonesia
  ie ile: Interlingue
  ig ibo: Igbo
  ii iii: Sichuan Yi, Nuosu, ꆈꌠꉙ, ꆈꌠ꒿ Nuosuhxop
  ik ipk: Inupiaq, Iñupiak
  io ido: Ido
  is isl ice: Icelandic, íslenska
  it ita: Italian, italiano
  iu iku: Inuktitut, ᐃᓄᒃᑎᑐᑦ
  ja jpn: Japanese, 日本語
  jv jav: Javanese, Jawa, Basa Jawa
  ka kat geo: Georgian, ქართული
  kg kon: Kongo
  ki kik: Kikuyu, Gikuyu
  kj kua: Kuanyama, Kwanyama
  kk kaz: Kazakh, қазақ тілі, Қазақша
  kl kal: Kalaallisut
  km khm: Khmer, ខ្មែរ, ភាសាខ្មែរ
  kn kan: Kannada, ಕನ್ನಡ
  ko kor: Korean, 한국어
  kr kau: Kanuri
  ks kas: Kashmiri, کٲشُر, كشميري
  ku kur: Kurdish, kurdî
  kv kom: Komi, Коми
  kw cor: Cornish, kernewek
  ky kir: Kyrgyz, кыргызча
  la lat: Latin, Latina
  lb ltz: Luxembourgish, Lëtzebuergesch
  lg lug: Ganda, Luganda
  li lim: Limburgish, Limburgs
  ln lin: Lingala
  lo lao: Lao, ລາວ, ພາສາລາວ
  lt lit: Lithuanian, lietuvių
  lu lub: Luba-Katanga, Tshiluba
  lv lav: Latvian, latviešu
  mg mlg: Malagasy
  mh mah: Marshallese, Kajin M̧ajeļ
  mi mri mao: Māori
  mk mkd mac: Macedonian, македонски
  ml mal: Malayalam, മലയാളം
  mn mon: Mongolian, монгол
  mr mar: Marathi, मराठी
  ms msa may: Malay, Melayu, Bahasa Melayu
  mt mlt: Maltese, Malti
  my mya bur: Burmese, မြန်မာ, မြန်မာဘာသာ
  na nau: Nauru, Dorerin Naoero
  nb nob: Norwegian Bokmål, Bokmål, norsk bokmål
  nd nde: North Ndebele, Northern Ndebele
  ne nep: Nepali, नेपाली
  ng ndo: Ndonga, Owambo
  nl nld dut: Dutch, Nederlands, Flemish, Vlaams
  nn nno: Norwegian Nynorsk, Nynorsk, norsk nynorsk
  no nor: Norwegian, norsk
  nr nbl: South Ndebele, Southern Ndebele, isiNdebele
  nv nav: Navajo, Diné Bizaad
  ny nya: Nyanja, Chichewa
  oc oci: Occitan
  oj oji: Ojibwa, Ojibwe, ᐊᓂᔑᓈᐯᒧᐎᓐ
  om orm: Oromo, Oromoo, Afaan Oromoo
  or ori: Odia, Oriya, ଓଡ଼ିଆ
  os oss: Ossetic, Ossetian, ирон, Ирон æвзаг
  pa pan: Punjabi, Panjabi, ਪੰਜਾਬੀ
  pi pli: Pali, पाऴि
  pl pol: Polish, polski
  ps pus: Pashto, پښتو
  pt por: Portuguese, português
  qu que: Quechua, Runasimi
  rm roh: Romansh, rumantsch
  rn run: Rundi, Kirundi, Ikirundi
  ro ron rum: Romanian, Moldovan, română
  ru rus: Russian, русский
  rw kin: Kinyarwanda, Ikinyarwanda
  sa san: Sanskrit, संस्कृत भाषा, संस्कृतम्
  sc srd: Sardinian, sardu
  sd snd: Sindhi, سنڌي
  se sme: Northern Sami, davvisámegiella, Sámegiella
  sg sag: Sango
  si sin: Sinhala, සිංහල
  sk slk slo: Slovak, slovenčina
  sl slv: Slovenian, Slovene, slovenščina
  sm smo: Samoan, Gagana Sāmoa
  sn sna: Shona, chiShona
  so som: Somali, Soomaali, Soomaaliga
  sq sqi alb: Albanian, shqip
  sr srp: Serbian, српски, srpski
  ss ssw: Swati, SiSwati
  st sot: Southern Sotho, Sesotho
  su sun: Sundanese, Basa Sunda
  sv swe: Swedish, svenska
  sw swa: Swahili, Kiswahili
  ta tam: Tamil, தமிழ்
  te tel: Telugu, తెలుగు
  tg tgk: Tajik, тоҷикӣ
  th tha: Thai, ไทย, ภาษาไทย
  ti tir: Tigrinya, ትግርኛ
  tk tuk: Turkmen, türkmen dili, Türkmençe
  tl tgl: Tagalog
  tn tsn: Tswana, Setswana
  to ton: Tongan, Tonga, lea fakatonga, faka Tonga
  tr tur: Turkish, Türkçe
  ts tso: Tsonga, Xitsonga
  tt tat: Tatar, татар, Татарча
  tw twi: Twi
  ty tah: Tahitian, Reo Mā’ohi
  ug uig: Uyghur, ئۇيغۇرچە, ئۇيغۇرچه
  uk ukr: Ukrainian, українська
  ur urd: Urdu, اردو
  uz uzb: Uzbek, o‘zbek
  ve ven: Venda, Tshivenḓa
  vi vie: Vietnamese, Tiếng Việt
  vo vol: Volapük
  wa wln: Walloon, Walon
  wo wol: Wolof
  xh xho: Xhosa, IsiXhosa
  yi yid: Yiddish, ייִדיש
  yo yor: Yoruba, Èdè Yorùbá
  za zha: Zhuang, Vahcuengh, Cuengh
  zh zho chi: Chinese, Mandarin, 中文, 汉语, 漢語
  zu zul: Zulu, isiZulu
`;

/** Codes that were replaced. */
export const OLD_LANGUAGES: Readonly<Record<string, string>> = {
  iw: 'he',
  in: 'id',
  ji: 'yi',
  jw: 'jv',
  mo: 'ro',
  sh: 'sr',
  scc: 'sr',
  scr: 'hr',
  cmn: 'zh',
};

/** Names that say more than the language. */
export const NAMES_OF_TAGS: Readonly<Record<string, string>> = {
  'Simplified Chinese': 'zh-Hans',
  'Chinese Simplified': 'zh-Hans',
  简体中文: 'zh-Hans',
  'Traditional Chinese': 'zh-Hant',
  'Chinese Traditional': 'zh-Hant',
  繁體中文: 'zh-Hant',
  繁体中文: 'zh-Hant',
  'Brazilian Portuguese': 'pt-BR',
  'Portuguese Brazil': 'pt-BR',
  'American English': 'en-US',
  'British English': 'en-GB',
  'Canadian French': 'fr-CA',
  'Swiss German': 'de-CH',
  'Austrian German': 'de-AT',
  'Mexican Spanish': 'es-MX',
};
